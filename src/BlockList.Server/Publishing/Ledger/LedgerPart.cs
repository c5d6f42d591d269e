using System.Buffers;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Whole rows of the ledger in the binary form of COPY, as they came from the server. Whoever takes one gives it back: made
/// anew for each part, the buffers would have the collector run all the time.</summary>
/// <param name="buffer">Rented.</param>
/// <param name="rows">Where in it the rows are.</param>
/// <param name="count">How many rows.</param>
internal sealed class LedgerPart(byte[] buffer, Range rows, int count) : IDisposable
{
    private byte[]? rented = buffer;

    public int Count => count;

    public ReadOnlySpan<byte> Bytes => (rented ?? throw new ObjectDisposedException(nameof(LedgerPart))).AsSpan(rows);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref rented, null) is { } back) ArrayPool<byte>.Shared.Return(back);
    }
}
