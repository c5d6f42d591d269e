namespace BlockList.Server.Publishing.Ledger;

/// <summary>What was decided when: the rows to a position, at an instant.</summary>
internal readonly record struct LedgerPoint(long Position, DateTimeOffset Instant)
{
    /// <summary>The earlier of two, of each part.</summary>
    public LedgerPoint NotAfter(LedgerPoint other) => new(Math.Min(Position, other.Position), Instant < other.Instant ? Instant : other.Instant);
}
