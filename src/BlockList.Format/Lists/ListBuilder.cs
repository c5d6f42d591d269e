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
        MakeRoom(line.Length + 1, 1);
        line.CopyTo(file.AsSpan(written));
        ends[Count++] = written + line.Length;
        written += line.Length + 1;
        file[written - 1] = (byte)'\n';
    }

    /// <summary>Adds a stretch of another list.</summary>
    public void Add(ListFile list, int from, int lines)
    {
        if (lines == 0) return;
        var stretch = list.Stretch(from, lines, out var itsEnds);
        MakeRoom(stretch.Length, lines);
        stretch.CopyTo(file.AsSpan(written));
        var shift = itsEnds[^1] + 1 - stretch.Length - written;
        for (var i = 0; i < lines; i++) ends[Count + i] = itsEnds[i] - shift;
        Count += lines;
        written += stretch.Length;
    }

    private void MakeRoom(int bytes, int lines)
    {
        if (written + bytes > file.Length) Array.Resize(ref file, Math.Max(2 * file.Length, written + bytes));
        if (Count + lines > ends.Length) Array.Resize(ref ends, Math.Max(2 * Count, Math.Max(Count + lines, 16)));
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
