namespace BlockList.Server.Curation.Importing;

/// <summary>What is said of one line of an import.</summary>
internal sealed class ImportFinding
{
    /// <summary>It keeps the whole file out.</summary>
    public const string Error = "error";

    /// <summary>Worth a look before signing.</summary>
    public const string Warning = "warning";

    /// <summary>Left aside, as was asked for: the agency has assessed the name already.</summary>
    public const string Skipped = "skipped";

    /// <summary>Not taken back by a revert.</summary>
    public const string Kept = "kept";

    public static readonly string[] Kinds = [Error, Warning, Skipped, Kept];

    public required Guid ImportId { get; init; }

    public required string Kind { get; init; }

    public required int Number { get; init; }

    /// <summary>Line of the file, the header being 1; 0 where it is not known.</summary>
    public required int Line { get; init; }

    public required string ColumnName { get; init; }

    public required string Value { get; init; }

    public required string Reason { get; init; }

    public required string Fix { get; init; }
}
