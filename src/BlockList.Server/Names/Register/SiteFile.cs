using System.Text;
using BlockList.Format.Names;

namespace BlockList.Server.Names.Register;

/// <summary>A list of sites as it is published: lines <c>rank,domain</c>, the most visited first. Read the same way by whoever
/// imports it and by the publisher, and so by rules that hang on no version of Unicode.</summary>
/// <param name="Rows">How many names it gives.</param>
/// <param name="LeftOut">Lines that give none: what stands there is no name that could be listed, or stands there twice.</param>
/// <param name="Samples">The first of those, with their line numbers.</param>
/// <param name="Problem">Why the file is not taken, or null.</param>
internal sealed record SiteFile(int Rows, int LeftOut, IReadOnlyList<SiteFile.OddLine> Samples, NameProblem? Problem)
{
    /// <summary>Bytes of the largest file that is read.</summary>
    public const int MaximumLength = 64 * 1024 * 1024;

    /// <summary>Sites have few labels; a file of names with a hundred each would cost gigabytes for nothing.</summary>
    private const int MostLabels = 8;

    private const int MostSamples = 20;
    private const int MostRank = 100_000_000;

    /// <param name="content">Of the file.</param>
    /// <param name="into">Takes the names.</param>
    /// <param name="origin">Number of the import.</param>
    public static SiteFile Read(ReadOnlySpan<byte> content, NameTable.Builder into, int origin)
    {
        if (content.Length > MaximumLength) return Refused("too-large", $"The file has {content.Length} bytes; {MaximumLength} are read.", "Import its first million lines: rank 1 to 1,000,000.");
        if (content.StartsWith("\uFEFF"u8)) content = content[3..];
        var (samples, leftOut, line, rows) = (new List<OddLine>(), 0, 0, 0);
        Span<char> text = stackalloc char[NameLimits.Listable + 1];
        while (content.Length > 0)
        {
            line++;
            var end = content.IndexOf((byte)'\n');
            var bytes = (end < 0 ? content : content[..end]).TrimEnd((byte)'\r');
            content = end < 0 ? [] : content[(end + 1)..];
            if (bytes.IsEmpty || (line == 1 && bytes.SequenceEqual("rank,domain"u8))) continue;
            if (ReadLine(bytes, text, out var rank, out var length) is not { } fault)
            {
                if (!into.Contains(text[..length]))
                {
                    into.Add(text[..length], RegisterSource.TopSites, rank, origin);
                    rows++;
                    continue;
                }
                fault = "the name stands in an earlier line";
            }
            leftOut++;
            if (samples.Count < MostSamples) samples.Add(new OddLine(line, Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 80)]), fault));
        }
        if (rows == 0) return Refused("no-sites", "The file has no line of the form rank,domain.", "Import a list of sites as it is published: 1,name.example in the first line, the rank from 1 on and the name in lower-case ASCII.", samples);
        // A list has some odd names. A file that is mostly odd is another file, and would leave the register all but empty.
        return leftOut > rows / 20
            ? Refused("odd-file", $"{leftOut} of {leftOut + rows} lines give no name that could be listed; the first is line {samples[0].Line}: {samples[0].Reason}.", "Look whether this is the file you meant. Lines read rank,domain, with names in lower-case ASCII.", samples)
            : new SiteFile(rows, leftOut, samples, null);
    }

    private static string? ReadLine(ReadOnlySpan<byte> bytes, Span<char> text, out int rank, out int length)
    {
        (rank, length) = (0, 0);
        var comma = bytes.IndexOf((byte)',');
        if (comma < 1 || !int.TryParse(bytes[..comma], System.Globalization.NumberStyles.None, null, out rank) || rank is < 1 or > MostRank) return "it does not begin with a rank and a comma";
        var name = bytes[(comma + 1)..];
        if (name.Length > NameLimits.Listable || Ascii.ToUtf16(name, text, out length) != System.Buffers.OperationStatus.Done) return "the name is too long or not in ASCII";
        if (((ReadOnlySpan<char>)text[..length]).Count('.') >= MostLabels) return $"it has more than {MostLabels} labels";
        return DomainName.IsCanonical(text[..length]) ? null : "it is no name that could be listed, in lower-case letters";
    }

    private static SiteFile Refused(string code, string message, string fix, IReadOnlyList<OddLine>? samples = null) => new(0, 0, samples ?? [], new NameProblem(code, message, fix));

    /// <param name="Line">From 1.</param>
    /// <param name="Text">Its beginning.</param>
    /// <param name="Reason">Why it gives no name.</param>
    internal sealed record OddLine(int Line, string Text, string Reason);
}
