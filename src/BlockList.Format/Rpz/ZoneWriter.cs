namespace BlockList.Format.Rpz;

/// <summary>Gathers short pieces of a file and writes many at once.</summary>
internal sealed class ZoneWriter(Stream output)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int length;

    /// <param name="piece">Shorter than the buffer: a head or a part of a line.</param>
    public void Write(ReadOnlySpan<byte> piece)
    {
        if (length + piece.Length > buffer.Length) Flush();
        piece.CopyTo(buffer.AsSpan(length));
        length += piece.Length;
    }

    public void Flush()
    {
        output.Write(buffer, 0, length);
        length = 0;
    }
}
