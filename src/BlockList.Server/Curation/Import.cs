namespace BlockList.Server.Curation;

/// <summary>A file of names and what became of it. The file itself is not kept, its hash is.</summary>
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

    /// <summary>Of <see cref="ImportStates"/>.</summary>
    public string State { get; set; } = ImportStates.Staged;

    public bool SkipKnown { get; init; }

    /// <summary>Which criteria its verdicts are about.</summary>
    public string? CriteriaSha256 { get; init; }

    public int Proposals { get; init; }

    /// <summary>Names that another agency proposed already: tasks, no votes.</summary>
    public int Reviews { get; init; }

    public int Skipped { get; init; }

    public int Errors { get; init; }

    public int Warnings { get; init; }

    /// <summary>What a process is doing with it.</summary>
    public string? Step { get; init; }

    public int Looked { get; init; }

    public int OfRows { get; init; }

    /// <summary>When that process last said so; null where none is at work.</summary>
    public DateTimeOffset? HeartbeatAt { get; set; }

    /// <summary>How the last step ended, where it did not end well.</summary>
    public string? Problem { get; init; }

    public DateTimeOffset? SubmittedAt { get; set; }

    public string? SubmittedBy { get; set; }

    /// <summary>The signature that submitted it.</summary>
    public Guid? AssertionId { get; set; }

    public DateTimeOffset? RevertedAt { get; init; }

    public string? RevertedBy { get; init; }

    /// <summary>How many of its proposals the revert withdrew.</summary>
    public int Reverted { get; init; }

    /// <summary>How many it left, because they had changed since.</summary>
    public int Kept { get; init; }
}
