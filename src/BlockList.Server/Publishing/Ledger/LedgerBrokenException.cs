namespace BlockList.Server.Publishing.Ledger;

/// <summary>The ledger is not what this publisher wrote. Nothing is added until people have looked: stop and page someone. Only what
/// <see cref="BrokenLedger"/> lets out may leave a list.</summary>
internal sealed class LedgerBrokenException(long position, string what)
    : Exception($"The ledger is not intact at position {position}: {what}. What is published stays, and nothing is added until it is restored; what release officers remove, and what is suspended or upheld for a complaint, leaves the lists all the same.")
{
    public long Position { get; } = position;

    public string What { get; } = what;
}
