namespace BlockList.Server.Names.Register;

/// <summary>Where a row of the register stands, seen from the name that was asked about.</summary>
internal enum RowPlace : byte
{
    At,

    /// <summary>The name lies below it, within the same registrable domain.</summary>
    Above,

    /// <summary>It lies below the name, so a listing with scope <c>domain</c> would stop it.</summary>
    Below,
}

/// <summary>A row, where there is one. Its text is read when someone asks for it: of a million names most are never printed.</summary>
internal readonly record struct RegisterRow(NameTable? Table, int Row, IReadOnlyList<Guid> Origins)
{
    public bool IsNone => Table is null;

    public string Name => Table?.NameOf(Row) ?? "";

    /// <summary>In the list of sites, 0 where it has none.</summary>
    public int Rank => Table?.RowAt(Row).Rank ?? 0;

    /// <summary>The decision that brought it, or <see cref="Guid.Empty"/> for hosts of the installation.</summary>
    public Guid Origin => Table is { } table && Origins.Count > 0 ? Origins[table.RowAt(Row).Origin] : Guid.Empty;

    public bool IsGraverThan(RegisterRow other) => other.IsNone || Table!.RowAt(Row).Source > other.Table!.RowAt(other.Row).Source;
}

/// <summary>What the register says of a name and scope.</summary>
/// <param name="Sources">Of all rows that stand against it; none where nothing does.</param>
/// <param name="Gravest">Of those; of two of one source, the nearer.</param>
/// <param name="Place">Of the gravest.</param>
/// <param name="NamesBelow">How many rows stand below the name, whatever the scope.</param>
/// <param name="GravestBelow">Of those.</param>
internal readonly record struct RegisterMatch(RegisterSources Sources, RegisterRow Gravest, RowPlace Place, int NamesBelow, RegisterRow GravestBelow);
