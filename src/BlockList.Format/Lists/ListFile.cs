using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Lists;

/// <summary>
/// <c>list.txt</c>: one entry a line, ASCII, LF after every line, in the order of <c>LC_ALL=C sort -u</c>.
/// <c>name</c> means the name and everything below, <c>=name</c> that host only. The empty list is the empty file.
/// </summary>
public sealed class ListFile
{
    /// <summary>Longest file that is read, in bytes: room for several million names.</summary>
    public const int MaximumLength = 256 * 1024 * 1024;

    private readonly string[] lines;

    private ListFile(string[] lines) => this.lines = lines;

    public static ListFile Empty { get; } = new([]);

    /// <summary>The entries as lines, sorted, each once.</summary>
    public IReadOnlyList<string> Lines => lines;

    public int Count => lines.Length;

    /// <summary>Makes a list of entries in any order; repeated ones count once.</summary>
    public static ListFile Of(IEnumerable<ListedName> entries)
    {
        var sorted = entries.Select(e => e.ToString()).ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        return new ListFile([.. WithoutRepeats(sorted)]);
    }

    /// <summary>Reads a file. One wrong line refuses the whole file: half a list is a wrong list.</summary>
    /// <exception cref="MalformedDocumentException">Names the line and what is wrong with it, never the name.</exception>
    public static ListFile Parse(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return Empty;
        if (file.Length > MaximumLength) throw new MalformedDocumentException("the list is longer than any list may be");
        if (file[^1] != '\n') throw new MalformedDocumentException("the list does not end with a line end; it may be cut off");
        var lines = new string[file.Count((byte)'\n')];
        Span<char> text = stackalloc char[NameLimits.Listable + 1];
        for (var number = 0; number < lines.Length; number++)
        {
            var end = file.IndexOf((byte)'\n');
            var line = file[..end];
            file = file[(end + 1)..];
            if (line.Length > text.Length || !Ascii.IsValid(line)) throw Wrong(number, "is no list entry");
            Encoding.ASCII.GetChars(line, text);
            if (!ListedName.IsCanonical(text[..line.Length])) throw Wrong(number, "is no list entry");
            var entry = new string(text[..line.Length]);
            if (number > 0 && string.CompareOrdinal(lines[number - 1], entry) >= 0) throw Wrong(number, "is not in order, or stands twice");
            lines[number] = entry;
        }
        return new ListFile(lines);
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[lines.Sum(l => l.Length + 1)];
        var position = 0;
        foreach (var line in lines)
        {
            position += Encoding.ASCII.GetBytes(line, bytes.AsSpan(position));
            bytes[position++] = (byte)'\n';
        }
        return bytes;
    }

    /// <summary>The entries as values.</summary>
    public IEnumerable<ListedName> Entries()
    {
        foreach (var line in lines)
        {
            _ = ListedName.TryParse(line, out var entry);
            yield return entry;
        }
    }

    /// <summary>Whether an entry with exactly this line stands in the list.</summary>
    public bool Contains(string line) => Array.BinarySearch(lines, line, StringComparer.Ordinal) >= 0;

    internal static ListFile OfSorted(string[] sorted) => new(sorted);

    private static IEnumerable<string> WithoutRepeats(string[] sorted)
    {
        for (var i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) yield return sorted[i];
    }

    private static MalformedDocumentException Wrong(int index, string what) => new($"line {index + 1} of the list {what}");
}
