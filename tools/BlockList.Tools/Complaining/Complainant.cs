using System.Globalization;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace BlockList.Tools.Complaining;

/// <summary>Somebody at the public site, who fills in its forms page by page and lets the browser do the work that it asks for.</summary>
internal sealed partial class Complainant(HttpClient portal, string language)
{
    private static readonly string[] Questions = ["party", "kind", "domain", "since", "text", "email"];

    public string Reference { get; private set; } = "";

    public string Secret { get; private set; } = "";

    /// <summary>Complains; answers are by the questions' names.</summary>
    /// <exception cref="InvalidOperationException">The site did not take it.</exception>
    public async Task ComplainAsync(IReadOnlyDictionary<string, string> answers, CancellationToken cancellationToken) => await SendAsync(await PrepareAsync(answers, cancellationToken), cancellationToken);

    /// <summary>Answers every question, and does the work.</summary>
    public async Task<ReadyComplaint> PrepareAsync(IReadOnlyDictionary<string, string> answers, CancellationToken cancellationToken)
    {
        var said = await portal.GetStringAsync(new Uri($"/{language}/complain", UriKind.Relative), cancellationToken);
        foreach (var question in Questions.Where(q => q != "since" || answers.ContainsKey(q)))
            said = await PostAsync("complain", [("draft", DraftOf(said)), ("at", question), (question, answers.GetValueOrDefault(question, "")), ("go", "next")], cancellationToken);
        var work = Work().Match(said);
        if (!work.Success) throw new InvalidOperationException($"The site does not ask to send the complaint: {TextOf(said)}");
        return new ReadyComplaint(DraftOf(said), Solve(work.Groups["challenge"].Value, int.Parse(work.Groups["bits"].Value, CultureInfo.InvariantCulture)));
    }

    public async Task SendAsync(ReadyComplaint complaint, CancellationToken cancellationToken)
    {
        var said = await PostAsync("complain", [("draft", complaint.Draft), ("at", "check"), ("work", complaint.Work), ("go", "send")], cancellationToken);
        (Reference, Secret) = (Marked(said, "reference"), Marked(said, "secret"));
    }

    /// <summary>The status page, after one of its buttons.</summary>
    public Task<string> StatusAsync(string? go, CancellationToken cancellationToken) =>
        PostAsync("status", [("reference", Reference), ("secret", Secret), .. go is null ? [] : new[] { ("go", go) }], cancellationToken);

    /// <summary>The record that the status page wants published: its name and its text.</summary>
    public static (string Name, string Text) RecordOf(string status)
    {
        var codes = Codes().Matches(status).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).ToArray();
        return codes is [var name, "TXT", var text, ..] ? (name, text) : throw new InvalidOperationException($"The status page names no record: {TextOf(status)}");
    }

    /// <summary>What a page says, without its markup.</summary>
    public static string TextOf(string html) => Blank().Replace(WebUtility.HtmlDecode(Tag().Replace(html[Math.Max(0, html.IndexOf("<main", StringComparison.Ordinal))..], " ")), " ").Trim();

    private async Task<string> PostAsync(string page, IEnumerable<(string Name, string Value)> fields, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var response = await portal.PostAsync(new Uri($"/{language}/{page}", UriKind.Relative), content, cancellationToken);
        var said = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? said : throw new InvalidOperationException($"/{language}/{page} answered {(int)response.StatusCode}: {TextOf(said)}");
    }

    /// <summary>As portal.js does it.</summary>
    private static string Solve(string challenge, int bits)
    {
        for (var number = 0L; ; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{challenge}:{number}");
            if (BitOperations.LeadingZeroCount(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(text)))) >= bits) return number.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string DraftOf(string html) => Draft().Match(html) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : throw new InvalidOperationException($"The page has no draft: {TextOf(html)}");

    private static string Marked(string html, string mark) => Regex.Match(html, $"data-{mark}[^>]*>([^<]+)<") is { Success: true } found
        ? WebUtility.HtmlDecode(found.Groups[1].Value)
        : throw new InvalidOperationException($"The complaint was not taken: {TextOf(html)}");

    [GeneratedRegex("name=\"draft\" value=\"([^\"]*)\"")]
    private static partial Regex Draft();

    [GeneratedRegex("data-challenge=\"(?<challenge>[^\"]*)\" data-bits=\"(?<bits>[0-9]+)\"")]
    private static partial Regex Work();

    [GeneratedRegex("class=\"code\">([^<]+)<")]
    private static partial Regex Codes();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}

/// <summary>A form with every answer, and the work done.</summary>
/// <param name="Draft">As the page has it, sealed.</param>
/// <param name="Work">The number that was found.</param>
internal sealed record ReadyComplaint(string Draft, string Work);
