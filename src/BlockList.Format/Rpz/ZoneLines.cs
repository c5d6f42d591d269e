using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Rpz;

/// <summary>The lines of a zone file, each in the place of the one before: a zone of a million names is read without a text
/// for each rule. A line feed alone ends a line: what a carriage return means is each resolver's own affair.</summary>
internal sealed class ZoneLines(Stream input)
{
    /// <summary>Longer than any line that is written: wildcard, <see cref="NameLimits.Listable"/> and an IPv6 address have 282.</summary>
    private const int LineRoom = 320;

    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly char[] line = new char[LineRoom];
    private int next;
    private int end;

    /// <summary>Goes to the next line; false at the end.</summary>
    /// <param name="text">The line without its end, until the next call.</param>
    /// <exception cref="MalformedDocumentException">It is longer than any that is written, or has no end.</exception>
    public bool TryRead(out ReadOnlySpan<char> text)
    {
        text = default;
        var length = buffer.AsSpan(next, end - next).IndexOf((byte)'\n');
        if (length < 0)
        {
            Fill();
            length = buffer.AsSpan(next, end - next).IndexOf((byte)'\n');
        }
        if (length > LineRoom || (length < 0 && end - next > LineRoom)) throw new MalformedDocumentException("a line of the zone is longer than any that is written");
        if (length < 0) return end == next ? false : throw new MalformedDocumentException("the zone does not end with a line end; it is cut off");
        // What is no ASCII becomes a question mark, which no line has.
        Encoding.ASCII.GetChars(buffer.AsSpan(next, length), line);
        next += length + 1;
        text = line.AsSpan(0, length);
        return true;
    }

    /// <summary>Moves what is left to the front and reads on.</summary>
    private void Fill()
    {
        buffer.AsSpan(next, end - next).CopyTo(buffer);
        (next, end) = (0, end - next);
        while (end < buffer.Length && input.Read(buffer, end, buffer.Length - end) is > 0 and var count) end += count;
    }
}
