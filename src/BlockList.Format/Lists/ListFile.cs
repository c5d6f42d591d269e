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
    public static ListFile Of(IEnumerable<ListedName> entries) => Sorted([.. entries.Select(e => e.ToString())]);

    /// <summary>Makes a list of lines in any order; repeated ones count once.</summary>
    /// <exception cref="MalformedDocumentException">One of them is no entry.</exception>
    public static ListFile OfLines(IEnumerable<string> entries)
    {
        var sorted = entries.ToArray();
        if (!Array.TrueForAll(sorted, line => ListedName.IsCanonical(line))) throw new MalformedDocumentException("a line is no list entry");
        return Sorted(sorted);
    }

    private static ListFile Sorted(string[] entries)
    {
        Array.Sort(entries, StringComparer.Ordinal);
        return new ListFile([.. WithoutRepeats(entries)]);
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

    /// <summary>This list without the entries of another one.</summary>
    public ListFile Except(ListFile other) => other.Count == 0 ? this : new ListFile([.. Merge(other).Where(m => m is { Here: true, There: false }).Select(m => m.Line)]);

    /// <summary>The entries that stand in both lists.</summary>
    public ListFile Intersect(ListFile other) => new([.. Merge(other).Where(m => m is { Here: true, There: true }).Select(m => m.Line)]);

    /// <summary>This list with the entries of another one.</summary>
    public ListFile Union(ListFile other) => other.Count == 0 ? this : new ListFile([.. Merge(other).Select(m => m.Line)]);

    internal static ListFile OfSorted(string[] sorted) => new(sorted);

    /// <summary>Every entry of both lists once, in order, and in which of them it stands.</summary>
    private IEnumerable<(string Line, bool Here, bool There)> Merge(ListFile other)
    {
        var (i, j) = (0, 0);
        while (i < lines.Length || j < other.lines.Length)
        {
            var order = i == lines.Length ? 1 : j == other.lines.Length ? -1 : string.CompareOrdinal(lines[i], other.lines[j]);
            yield return (order <= 0 ? lines[i] : other.lines[j], order <= 0, order >= 0);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
    }

    private static IEnumerable<string> WithoutRepeats(string[] sorted)
    {
        for (var i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) yield return sorted[i];
    }

    private static MalformedDocumentException Wrong(int index, string what) => new($"line {index + 1} of the list {what}");
}
