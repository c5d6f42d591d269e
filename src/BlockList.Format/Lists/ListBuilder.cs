namespace BlockList.Format.Lists;

/// <summary>Puts a list together from lines that come in their order. Who adds vouches for line and order.</summary>
/// <param name="length">How many bytes the file will have, as far as is known.</param>
/// <param name="count">How many entries.</param>
internal sealed class ListBuilder(int length, int count)
{
    private byte[] file = new byte[length];
    private int[] ends = new int[count];
    private int written;

    public int Count { get; private set; }

    /// <summary>The line that was added last; empty before the first.</summary>
    public ReadOnlySpan<byte> Last
    {
        get
        {
            if (Count == 0) return default;
            var start = Count == 1 ? 0 : ends[Count - 2] + 1;
            return file.AsSpan(start, ends[Count - 1] - start);
        }
    }

    public void Add(ReadOnlySpan<byte> line)
    {
        if (written + line.Length + 1 > file.Length) Array.Resize(ref file, Math.Max(2 * file.Length, written + ListFile.LongestLine + 1));
        if (Count == ends.Length) Array.Resize(ref ends, Math.Max(2 * Count, 16));
        line.CopyTo(file.AsSpan(written));
        ends[Count++] = written + line.Length;
        written += line.Length + 1;
        file[written - 1] = (byte)'\n';
    }

    public ListFile Build()
    {
        if (Count == 0) return ListFile.Empty;
        // What was taken too large is kept so, rather than copied, unless much of it is empty.
        if (file.Length - written > written / 2) Array.Resize(ref file, written);
        if (ends.Length - Count > Count / 2) Array.Resize(ref ends, Count);
        return new ListFile(file, ends, Count);
    }
}
