using System.Text.RegularExpressions;

namespace BlockList.Server.Criteria;

/// <summary>A criteria text taken apart, for pages. What is signed and hashed is the text itself.</summary>
/// <param name="Title">Its first line.</param>
/// <param name="Before">What it says before the first criterion.</param>
/// <param name="Criteria">In the order of the text.</param>
/// <param name="After">What it says after the last.</param>
internal sealed partial record CriteriaText(string Title, string Before, IReadOnlyList<Criterion> Criteria, string After)
{
    /// <summary>Reads a text: a title, sentences, one line for each criterion (<c>C1  The children are real. …</c>), sentences.
    /// A text of another shape is shown as it stands, without criteria of its own.</summary>
    public static CriteriaText Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var criteria = lines.Select(line => Line().Match(line)).Where(match => match.Success).Select(Read).ToArray();
        var first = Array.FindIndex(lines, IsCriterion);
        var last = Array.FindLastIndex(lines, IsCriterion);
        return first < 0
            ? new CriteriaText(lines.FirstOrDefault() ?? "", string.Join(' ', lines.Skip(1)), [], "")
            : new CriteriaText(first == 0 ? "" : lines[0], string.Join(' ', lines[Math.Min(1, first)..first]), criteria, string.Join(' ', lines[(last + 1)..]));
    }

    /// <summary>The criterion with this id, or one that says no more than its id.</summary>
    public Criterion Find(string id) => Criteria.FirstOrDefault(c => c.Id == id) ?? new Criterion(id, id.ToUpperInvariant(), "");

    private static bool IsCriterion(string line) => Line().IsMatch(line);

    private static Criterion Read(Match match)
    {
        var text = match.Groups["text"].Value;
        var end = text.AsSpan().IndexOfAny(".:");
        return new Criterion(match.Groups["id"].Value.ToLowerInvariant(), end < 0 ? text : text[..end], text);
    }

    [GeneratedRegex(@"^(?<id>[A-Z][0-9]{1,2})  (?<text>\S.*)\z")]
    private static partial Regex Line();
}
