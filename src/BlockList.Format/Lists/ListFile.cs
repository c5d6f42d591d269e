using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Lists;

/// <summary>
/// <c>list.txt</c>: one entry a line, ASCII, LF after every line, in the order of <c>LC_ALL=C sort -u</c>.
/// <c>name</c> means the name and everything below, <c>=name</c> that host only. The empty list is the empty file.
/// </summary>
/// <remarks>It is kept as the bytes of the file and where each line ends: a million entries take some 25 MB, and comparing
/// two lists makes no text of any of them.</remarks>
public sealed class ListFile
{
    /// <summary>Longest file that is read, in bytes: room for several million names.</summary>
    public const int MaximumLength = 256 * 1024 * 1024;

    /// <summary>The longest line: the mark of a host and a name.</summary>
    internal const int LongestLine = NameLimits.Listable + 1;

    /// <summary>May be longer than the list.</summary>
    private readonly byte[] file;

    /// <summary>Where each line ends; may be longer too.</summary>
    private readonly int[] ends;

    private string? sha256;

    internal ListFile(byte[] file, int[] ends, int count)
    {
        this.file = file;
        this.ends = ends;
        Count = count;
        Lines = new ListLines(this);
    }

    /// <summary>Tells which lines to keep.</summary>
    internal delegate bool LineTest(ReadOnlySpan<byte> line);

    public static ListFile Empty { get; } = new([], [], 0);

    /// <summary>The entries as lines, sorted, each once. Each time one is asked for, its text is made anew.</summary>
    public IReadOnlyList<string> Lines { get; }

    public int Count { get; }

    /// <summary>Lower-case hexadecimal hash of the file.</summary>
    public string Sha256 => sha256 ??= Hashes.Sha256(Bytes);

    /// <summary>The bytes of the file.</summary>
    public ReadOnlySpan<byte> Bytes => file.AsSpan(0, Count == 0 ? 0 : ends[Count - 1] + 1);

    /// <summary>Makes a list of entries in any order; repeated ones count once.</summary>
    public static ListFile Of(IEnumerable<ListedName> entries) => Sort([.. entries.Distinct()], entry => entry);

    /// <summary>Brings values in the order of their entries, of which none stands there twice, and makes the list of these: the value at a
    /// place is that of the line at the same place.</summary>
    public static ListFile Sort<T>(T[] values, Func<T, ListedName> entryOf) => ListSort.Run(values, entryOf);

    /// <summary>Makes a list of lines in any order; repeated ones count once.</summary>
    /// <exception cref="MalformedDocumentException">One of them is no entry.</exception>
    public static ListFile OfLines(IEnumerable<string> entries)
    {
        var sorted = entries.ToArray();
        if (!Array.TrueForAll(sorted, line => ListedName.IsCanonical(line))) throw new MalformedDocumentException("a line is no list entry");
        return Sorted(sorted);
    }

    /// <summary>Reads a file. One wrong line refuses the whole file: half a list is a wrong list.</summary>
    /// <exception cref="MalformedDocumentException">Names the line and what is wrong with it, never the name.</exception>
    public static ListFile Parse(ReadOnlySpan<byte> file) => Take(file.ToArray());

    /// <summary>Reads a file as <see cref="Parse"/> does and keeps the array itself, which nobody may change any more.</summary>
    /// <exception cref="MalformedDocumentException">As there.</exception>
    public static ListFile Take(byte[] file)
    {
        var ends = ListReading.EndsOf(file);
        return ends.Length == 0 ? Empty : new ListFile(file, ends, ends.Length);
    }

    /// <summary>The same, where it may be the file of a list that was read before: then it is that list.</summary>
    /// <exception cref="MalformedDocumentException">As there.</exception>
    public static ListFile Take(byte[] file, ListFile? known) => known is not null && known.Bytes.SequenceEqual(file) ? known : Take(file);

    /// <summary>The bytes of the file, as a copy.</summary>
    public byte[] ToBytes() => Bytes.ToArray();

    /// <summary>One entry as its line, without the line end.</summary>
    public ReadOnlySpan<byte> Line(int index)
    {
        var start = StartOf(index);
        return file.AsSpan(start, ends[index] - start);
    }

    /// <summary>The entries as values.</summary>
    public IEnumerable<ListedName> Entries()
    {
        foreach (var line in Lines)
        {
            _ = ListedName.TryParse(line, out var entry);
            yield return entry;
        }
    }

    /// <summary>Whether an entry with exactly this line stands in the list.</summary>
    public bool Contains(string line) => IndexOf(line) >= 0;

    /// <summary>Whether an entry with exactly this line stands in the list.</summary>
    public bool Contains(ReadOnlySpan<byte> line) => IndexOf(line) >= 0;

    /// <summary>The place of an entry, or -1.</summary>
    public int IndexOf(string line)
    {
        if (line.Length > LongestLine || !Ascii.IsValid(line)) return -1;
        Span<byte> bytes = stackalloc byte[LongestLine];
        return IndexOf(bytes[..Encoding.ASCII.GetBytes(line, bytes)]);
    }

    /// <summary>The place of an entry, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> line)
    {
        for (var (low, high) = (0, Count - 1); low <= high;)
        {
            var middle = low + ((high - low) / 2);
            var order = Line(middle).SequenceCompareTo(line);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    /// <summary>Whether both lists have the same entries.</summary>
    public bool HasEntriesOf(ListFile other) => Bytes.SequenceEqual(other.Bytes);

    /// <summary>This list without the entries of another one.</summary>
    public ListFile Except(ListFile other) => other.Count == 0 ? this : Merge(other, here: true, both: false, there: false);

    /// <summary>The entries that stand in both lists.</summary>
    public ListFile Intersect(ListFile other) => Merge(other, here: false, both: true, there: false);

    /// <summary>This list with the entries of another one.</summary>
    public ListFile Union(ListFile other) => other.Count == 0 ? this : Merge(other, here: true, both: true, there: true);

    /// <summary>The whole names, without those that are listed as a host only.</summary>
    public ListFile WholeNames() => Where(line => !IsHost(line));

    /// <summary>Whether a line lists a host only.</summary>
    internal static bool IsHost(ReadOnlySpan<byte> line) => line[0] == '=';

    /// <summary>Whether a line, without its end, is an entry in its one spelling.</summary>
    internal static bool IsEntry(ReadOnlySpan<byte> line)
    {
        if (line.Length > LongestLine) return false;
        Span<char> text = stackalloc char[LongestLine];
        // What is no ASCII becomes a question mark, which no entry has.
        return ListedName.IsCanonical(text[..Encoding.ASCII.GetChars(line, text)]);
    }

    /// <summary>The entries that pass a test.</summary>
    internal ListFile Where(LineTest keep)
    {
        var kept = new ListBuilder(file.Length, Count);
        for (var i = 0; i < Count; i++)
            if (keep(Line(i))) kept.Add(Line(i));
        return kept.Count == Count ? this : kept.Build();
    }

    private static ListFile Sorted(string[] entries)
    {
        Array.Sort(entries, StringComparer.Ordinal);
        var list = new ListBuilder(entries.Sum(e => e.Length + 1), entries.Length);
        Span<byte> line = stackalloc byte[LongestLine];
        for (var i = 0; i < entries.Length; i++)
            if (i == 0 || entries[i] != entries[i - 1]) list.Add(line[..Encoding.ASCII.GetBytes(entries[i], line)]);
        return list.Build();
    }

    /// <summary>Goes through both lists in order and keeps what stands in this one alone, in both, in the other alone. Versions of one
    /// list differ in few places: the stretches between these are found and copied as a whole.</summary>
    private ListFile Merge(ListFile other, bool here, bool both, bool there)
    {
        var kept = new ListBuilder((here ? file.Length : 0) + (there ? other.file.Length : 0), (here ? Count : 0) + (there ? other.Count : 0));
        for (var (i, j) = (0, 0); i < Count || j < other.Count;)
        {
            var same = CountSame(i, other, j);
            if (both) kept.Add(this, i, same);
            i += same;
            j += same;
            var order = i == Count ? 1 : j == other.Count ? -1 : Line(i).SequenceCompareTo(other.Line(j));
            if (order < 0 && here) kept.Add(Line(i));
            if (order > 0 && there && j < other.Count) kept.Add(other.Line(j));
            if (order < 0) i++;
            if (order > 0) j++;
        }
        return kept.Build();
    }

    /// <summary>How many lines from a place on are those of another list from a place on.</summary>
    private int CountSame(int index, ListFile other, int otherIndex)
    {
        if (index == Count || otherIndex == other.Count) return 0;
        var (start, otherStart) = (StartOf(index), other.StartOf(otherIndex));
        var equal = start + Bytes[start..].CommonPrefixLength(other.Bytes[otherStart..]);
        if (equal <= ends[index]) return 0;
        var found = Array.BinarySearch(ends, index, Count - index, equal - 1);
        return (found < 0 ? ~found : found + 1) - index;
    }

    /// <summary>The bytes of some lines, one after the other, and where each of them ends in the whole file.</summary>
    internal ReadOnlySpan<byte> Stretch(int from, int lines, out ReadOnlySpan<int> itsEnds)
    {
        var start = StartOf(from);
        itsEnds = ends.AsSpan(from, lines);
        return file.AsSpan(start, itsEnds[^1] + 1 - start);
    }

    private int StartOf(int index) => index == 0 ? 0 : ends[index - 1] + 1;
}
