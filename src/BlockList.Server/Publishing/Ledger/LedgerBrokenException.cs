namespace BlockList.Server.Publishing.Ledger;

/// <summary>The ledger is not what this publisher wrote. Nothing more is published until people have looked: stop and page someone.</summary>
internal sealed class LedgerBrokenException(long position, string what)
    : Exception($"The ledger is not intact at position {position}: {what}. What is published stays; nothing is added or removed until it is restored.")
{
    public long Position { get; } = position;
}
