using System.Text;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>Bytes that the right keys signed as <c>list.txt</c> and that are none. Half a list is a wrong list: one wrong line
/// refuses the whole.</summary>
internal static class ListCases
{
    private const string Group = "list";

    public static IEnumerable<ConformanceCase> All =>
    [
        Text("unsorted", "Two lines have changed places", text => SwapFirstLines(text)),
        Text("sorted-by-a-collation", "The lines stand in the order of a dictionary: = comes after letters", text => MoveFirstLineToTheEnd(text)),
        Text("line-twice", "A line stands twice", text => FirstLine(text) + text),
        Text("carriage-returns", "Lines end with CR LF", text => text.Replace("\n", "\r\n", StringComparison.Ordinal)),
        Text("no-last-line-end", "The last line has no line end; the file may be cut off", text => text[..^1]),
        Text("empty-line", "There is an empty line", text => "\n" + text),
        Text("byte-order-mark", "The file begins with a byte order mark", text => "\ufeff" + text),
        Text("remark", "There is a remark", text => "# made today\n" + text),
        Text("error-page", "An error page was signed as the list", _ => "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n"),
        Text("nul-octet", "There is a NUL octet in a name", text => With(text, "na\0me.example")),
        Line("upper-case", "A name has capital letters", "ZEBRA.example"),
        Line("u-label", "A name has a U-label", "zebüro.example"),
        Line("broken-a-label", "A label begins with xn-- and is no Punycode", "xn--99999.example"),
        Line("a-label-of-ascii", "A label begins with xn-- and holds nothing outside ASCII", "xn--abc-.example"),
        Line("reserved-hyphens", "A label has hyphens in the third and fourth place and is no A-label", "zz--zebra.example"),
        Line("final-dot", "A name ends with a dot", "zebra.example."),
        Line("one-label", "A name is a top label", "zebra"),
        Line("root", "A line is the root", "."),
        Line("wildcard", "A name is written with a wildcard", "*.zebra.example"),
        Line("address", "A line is an address", "192.0.2.1"),
        Line("underscore", "A name has an underscore", "_zebra.example"),
        Line("leading-hyphen", "A label begins with a hyphen", "zebra.-example.example"),
        Line("empty-label", "A name has an empty label", "zebra..example"),
        Line("blank", "A line ends with a blank", "zebra.example "),
        Line("two-marks", "A host is marked twice", "==zebra.example"),
        Line("mark-alone", "A line is the host mark alone", "="),
        Line("label-too-long", "A label has 64 octets", new string('z', 64) + ".example"),
        Line("name-too-long", "A name has 235 octets: with a wildcard and a zone it does not fit into DNS", $"{new string('z', 63)}.{new string('z', 63)}.{new string('z', 63)}.{new string('z', 35)}.example"),
        Line("line-endless", "A line has a hundred thousand octets", new string('z', 100_000)),
    ];

    private static ConformanceCase Line(string id, string wrong, string line) => Text(id, wrong, text => With(text, line));

    private static ConformanceCase Text(string id, string wrong, Func<string, string> change) => Shape.Signed(Group, $"list-{id}", wrong, vector =>
    {
        vector.Repository.DeltaFile = _ => null;
        vector.Repository.Content = bytes => Encoding.UTF8.GetBytes(change(Encoding.ASCII.GetString(bytes)));
        vector.Repository.Publish(NamedList.Second.Entries);
    });

    /// <summary>In its place, so that order is not what refuses it.</summary>
    private static string With(string text, string line)
    {
        var lines = text.TrimEnd('\n').Split('\n').Append(line).ToArray();
        Array.Sort(lines, string.CompareOrdinal);
        return string.Join('\n', lines) + '\n';
    }

    private static string FirstLine(string text) => text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)];

    private static string MoveFirstLineToTheEnd(string text) => text[FirstLine(text).Length..] + FirstLine(text);

    private static string SwapFirstLines(string text)
    {
        var first = FirstLine(text);
        var second = FirstLine(text[first.Length..]);
        return second + first + text[(first.Length + second.Length)..];
    }
}
