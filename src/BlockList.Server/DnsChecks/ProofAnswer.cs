namespace BlockList.Server.DnsChecks;

/// <summary>One look at the servers of a zone: what was found. Rows of the checker, which stay as they are.</summary>
internal sealed class ProofAnswer
{
    public const string Proven = "proven";
    public const string Absent = "absent";
    public const string Failed = "failed";

    public long Id { get; init; }

    public required Guid ProofId { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary><c>proven</c>, <c>absent</c> (a server answers and none has the text) or <c>failed</c> (none answers).</summary>
    public required string Outcome { get; init; }

    /// <summary><c>insecure</c>, <c>secure</c> or <c>bogus</c>.</summary>
    public required string Verdict { get; init; }

    public string? Zone { get; init; }

    /// <summary>JSON, see <see cref="ServerFinding"/>.</summary>
    public required string Servers { get; init; }

    public string? Problem { get; init; }
}
