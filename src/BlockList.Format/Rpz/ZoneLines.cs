using BlockList.Format.Json;

namespace BlockList.Format.Rpz;

/// <summary>The lines of a zone file, each in the place of the one before: a zone of a million names is read without a text
/// for each rule. A line feed alone ends a line: what a carriage return means is each resolver's own affair.</summary>
internal sealed class ZoneLines(Stream input)
{
    /// <summary>Longer than any line that is written: wildcard, <see cref="Names.NameLimits.Listable"/> and an IPv6 address have 282.</summary>
    private const int LineRoom = 320;

    private readonly byte[] buffer = new byte[64 * 1024];
    private int next;
    private int end;

    /// <summary>Goes to the next line; false at the end.</summary>
    /// <param name="line">The line without its end, until the next call.</param>
    /// <exception cref="MalformedDocumentException">It is longer than any that is written, or has no end.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        var length = Unread.IndexOf((byte)'\n');
        if (length < 0)
        {
            Fill();
            length = Unread.IndexOf((byte)'\n');
        }
        if (length > LineRoom || (length < 0 && Unread.Length > LineRoom)) throw new MalformedDocumentException("a line of the zone is longer than any that is written");
        if (length < 0) return Unread.IsEmpty ? false : throw new MalformedDocumentException("the zone does not end with a line end; it is cut off");
        line = Unread[..length];
        next += length + 1;
        return true;
    }

    private ReadOnlySpan<byte> Unread => buffer.AsSpan(next, end - next);

    /// <summary>Moves what is left to the front and reads on.</summary>
    private void Fill()
    {
        Unread.CopyTo(buffer);
        (next, end) = (0, end - next);
        while (end < buffer.Length && input.Read(buffer, end, buffer.Length - end) is > 0 and var count) end += count;
    }
}
