namespace BlockList.Server.Curation;

/// <summary>A staged file of names. The file itself is not kept, its hash is.</summary>
internal sealed class Import
{
    public required Guid Id { get; init; }

    public required string List { get; init; }

    public required string Person { get; init; }

    public required string Agency { get; init; }

    public required string FileName { get; init; }

    public required string FileSha256 { get; init; }

    public required int Rows { get; init; }

    public DateTimeOffset StagedAt { get; init; }

    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>The signature that submitted it.</summary>
    public Guid? AssertionId { get; set; }
}
