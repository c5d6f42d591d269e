using System.Globalization;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Lists;

/// <summary>
/// <c>delta/{from}-{to}.txt</c>: the step from one version to the next. A head line, then the changes in the order of
/// <c>LC_ALL=C sort</c>: <c>+entry</c> for each addition, then <c>-entry</c> for each removal.
/// </summary>
/// <param name="From">Version it starts at.</param>
/// <param name="To">Version it leads to; always the next.</param>
/// <param name="FromSha256">Hash of <c>list.txt</c> of <paramref name="From"/>.</param>
/// <param name="ToSha256">Hash of <c>list.txt</c> of <paramref name="To"/>.</param>
/// <param name="Added">Entries added, sorted.</param>
/// <param name="Removed">Entries removed, sorted.</param>
public sealed record Delta(Serial From, Serial To, string FromSha256, string ToSha256, IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    private const string HeadWord = "blocklist-delta/1";

    /// <summary>What every such file begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "blocklist-delta/1 "u8;

    /// <summary>The name of the target.</summary>
    public static string PathOf(Serial from, Serial to) => $"delta/{from}-{to}.txt";

    /// <summary>The step between two lists.</summary>
    public static Delta Between(Serial from, ListFile before, Serial to, ListFile after) =>
        new(from, to, before.Sha256, after.Sha256, after.Except(before).Lines, before.Except(after).Lines);

    /// <summary>Applies the step.</summary>
    /// <exception cref="MalformedDocumentException">It removes what is absent or adds what is present: it belongs to
    /// another list. The caller compares the hash of the result.</exception>
    public ListFile ApplyTo(ListFile list)
    {
        var (added, removed) = (ListFile.OfLines(Added), ListFile.OfLines(Removed));
        var kept = list.Except(removed);
        if (list.Intersect(added).Count > 0) throw new MalformedDocumentException("the delta adds an entry that is present");
        if (list.Count - kept.Count != Removed.Count) throw new MalformedDocumentException("the delta removes an entry that is absent");
        return kept.Union(added);
    }

    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{HeadWord} from={From} to={To} from-sha256={FromSha256} to-sha256={ToSha256}\n");
        foreach (var line in Added) text.Append('+').Append(line).Append('\n');
        foreach (var line in Removed) text.Append('-').Append(line).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <exception cref="MalformedDocumentException">Not such a file, or not one step.</exception>
    public static Delta Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length > ListFile.MaximumLength || !Ascii.IsValid(file) || file.IsEmpty || file[^1] != '\n')
            throw new MalformedDocumentException("the delta is no text of whole lines");
        var lines = Encoding.ASCII.GetString(file[..^1]).Split('\n');
        var (from, to, fromSha256, toSha256) = ParseHead(lines[0]);
        var (added, removed) = (new List<string>(), new List<string>());
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length < 2 || line[0] is not ('+' or '-') || !ListedName.IsCanonical(line.AsSpan(1))) throw Wrong(i, "is no change");
            if (i > 1 && string.CompareOrdinal(lines[i - 1], line) >= 0) throw Wrong(i, "is not in order, or stands twice");
            (line[0] == '+' ? added : removed).Add(line[1..]);
        }
        return new Delta(from, to, fromSha256, toSha256, added, removed);
    }

    private static (Serial From, Serial To, string FromSha256, string ToSha256) ParseHead(string line)
    {
        var words = line.Split(' ');
        string[] keys = ["from=", "to=", "from-sha256=", "to-sha256="];
        if (words.Length != 5 || words[0] != HeadWord || keys.Where((key, i) => !words[i + 1].StartsWith(key, StringComparison.Ordinal)).Any())
            throw new MalformedDocumentException("the delta has not the head line of blocklist-delta/1");
        var values = keys.Select((key, i) => words[i + 1][key.Length..]).ToArray();
        if (!TryParseSerial(values[0], out var from) || !TryParseSerial(values[1], out var to) || from.Value + 1L != to.Value)
            throw new MalformedDocumentException("the delta does not lead from one version to the next");
        if (!Hashes.IsSha256(values[2]) || !Hashes.IsSha256(values[3])) throw new MalformedDocumentException("the delta's head line has no hashes");
        return (from, to, values[2], values[3]);
    }

    private static bool TryParseSerial(string text, out Serial serial)
    {
        serial = default;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Serial.TryCreate(value, out serial) && serial.ToString() == text;
    }

    private static MalformedDocumentException Wrong(int index, string what) => new($"line {index + 1} of the delta {what}");
}
