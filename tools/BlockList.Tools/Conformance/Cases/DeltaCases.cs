using System.Text;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>Deltas that do not lead to the list. Each time the whole list does, so the agent ends well with the second
/// version in force and nothing of the delta in it.</summary>
internal static class DeltaCases
{
    private static readonly string Nowhere = new('0', 64);

    public static IEnumerable<ConformanceCase> All =>
    [
        Signed("from-another-list", "The delta starts at another list", delta => (delta with { FromSha256 = Nowhere }).ToBytes()),
        Signed("to-another-list", "The delta says that it leads to another list", delta => (delta with { ToSha256 = Nowhere }).ToBytes()),
        Signed("another-step", "The delta is of another step than its name says", delta => (delta with { From = delta.To, To = delta.To.Next() }).ToBytes()),
        Signed("two-versions-at-once", "The delta leads over two versions", delta => (delta with { To = delta.To.Next() }).ToBytes()),
        Signed("removes-what-is-absent", "The delta removes a name that is not listed", delta => (delta with { Removed = ["absent.example"] }).ToBytes()),
        Signed("adds-what-is-present", "The delta adds a name that is listed", delta => (delta with { Added = ["name-11.example"] }).ToBytes()),
        Signed("adds-one-more", "The delta adds a name that the second version does not have", delta => (delta with { Added = ["innocent.example", .. delta.Added] }).ToBytes()),
        Signed("forgets-a-removal", "The delta leaves out a removal", delta => (delta with { Removed = [] }).ToBytes()),
        Signed("removals-first", "Its lines stand in another order", delta => Text(delta, lines => [lines[0], .. lines.Skip(1).Reverse()])),
        Signed("line-twice", "A line stands twice", delta => Text(delta, lines => [lines[0], lines[1], .. lines.Skip(1)])),
        Signed("unknown-sign", "A line has another sign than plus and minus", delta => Text(delta, lines => [.. lines, "~name-12.example"])),
        Signed("upper-case", "A name has capital letters", delta => (delta with { Added = ["NEW.example"] }).ToBytes()),
        Signed("later-format", "The delta is of another version of the format", delta => Text(delta, lines => [lines[0].Replace("delta/1", "delta/2", StringComparison.Ordinal), .. lines.Skip(1)])),
        Signed("no-head", "The delta has no first line", delta => Text(delta, lines => [.. lines.Skip(1)])),
        Signed("carriage-returns", "Lines end with CR LF", delta => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(delta.ToBytes()).Replace("\n", "\r\n", StringComparison.Ordinal))),
        Signed("empty", "The delta is an empty file", _ => []),
        Signed("error-page", "An error page was signed as the delta", _ => "<html>502 Bad Gateway</html>\n"u8.ToArray()),
        Signed("longer-than-half", "The delta is longer than half of the list", delta => (delta with { Added = [.. Enumerable.Range(100, 60).Select(i => $"more-{i}.example")] }).ToBytes()),
        Served("not-served", "The server does not have the delta", Misservings.Status(404)),
        Served("server-error", "The server fails at the delta", Misservings.Status(500)),
        Served("html", "The server sends an error page in place of the delta", Misservings.HtmlWith200),
        Served("one-bit", "One bit of the delta is flipped on the way", Misservings.OneBitFlipped),
        Served("half", "Half of the delta comes as if it were whole", Misservings.HalfAsWhole),
        Served("cut", "The connection is cut in the delta", Misservings.CutHalfWay),
        Served("endless", "The delta does not end", Misservings.Endless),
        Shape.Valid("delta-gap", "Of three deltas the middle one is missing", Shape.Begin(), Shape.Step("Versions 2, 3 and 4 are published, without the delta from 2 to 3", vector =>
        {
            vector.Repository.DeltaFile = delta => delta.From == Serial.Create(2) ? null : delta.ToBytes();
            vector.Repository.Publish(NamedList.Second.Entries);
            vector.Repository.Publish([.. NamedList.Second.Entries, "passing.example"]);
            vector.Repository.Publish(NamedList.Third.Entries);
        }, Shape.Done, NamedList.Third)),
        new ConformanceCase("delta-good-list-bad", "delta", "The delta leads to what was signed, and what was signed is no list",
        [
            Shape.Begin(),
            Shape.Step("A list with a second copy of a line is signed, with a delta that nothing is wrong with", vector =>
            {
                vector.Repository.Content = bytes => [.. bytes, .. "zz.example\nzz.example\n"u8];
                vector.Repository.Publish(NamedList.Second.Entries);
            }, Shape.Refused, NamedList.First),
        ]),
    ];

    private static ConformanceCase Signed(string id, string wrong, Func<Delta, byte[]> file) => Case(id, wrong, vector => vector.Repository.DeltaFile = file);

    private static ConformanceCase Served(string id, string wrong, Misserving how) => Case(id, wrong, vector => vector.Misserve("1-2.txt", how));

    private static ConformanceCase Case(string id, string wrong, Action<Vector> arrange) => new($"delta-{id}", "delta", wrong,
    [
        Shape.Begin(),
        Shape.Second($"The second version is published. {wrong}", arrange),
    ]);

    private static byte[] Text(Delta delta, Func<string[], IEnumerable<string>> change) =>
        Encoding.ASCII.GetBytes(string.Concat(change(Encoding.ASCII.GetString(delta.ToBytes()).TrimEnd('\n').Split('\n')).Select(line => line + '\n')));
}
