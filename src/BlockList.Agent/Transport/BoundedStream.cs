using BlockList.Format.Tuf;

namespace BlockList.Agent.Transport;

/// <summary>An answer's body as it comes from the network, cut off with a refusal where it grows too long or stops coming.</summary>
internal sealed class BoundedStream(Stream inner, long maximum, TimeSpan idle) : Stream
{
    private long total;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => total;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(idle);
        var count = await inner.ReadAsync(buffer, patience.Token);
        total += count;
        return total <= maximum ? count : throw TooLong(maximum);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public static RefusedException TooLong(long maximum) =>
        new(RefusalReason.Hash, $"the server sent more than the {maximum} bytes that the file may have; the rest was not read");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
