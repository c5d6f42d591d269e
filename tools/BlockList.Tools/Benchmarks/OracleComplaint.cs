using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace BlockList.Tools.Benchmarks;

/// <summary>One complaint on its way through the public site, a step at a time; each step is measured and kept to be compared.</summary>
/// <param name="client">One kept-open connection, the same for all.</param>
/// <param name="name">What it is about.</param>
/// <param name="isListed">Whether that is listed.</param>
internal sealed partial class OracleComplaint(HttpClient client, string name, bool isListed)
{
    private const string Form = "/en/complain";
    private string page = "", reference = "", secret = "";

    public bool IsListed => isListed;

    public static IReadOnlyList<(string Name, Func<OracleComplaint, CancellationToken, Task<(double Milliseconds, string Answer)>> Run)> Steps { get; } =
    [
        ("name-asked", (complaint, token) => complaint.AnswerAsync("domain", complaint.Name, token)),
        ("all-answers", async (complaint, token) =>
        {
            await complaint.AnswerAsync("text", "A bakery since 1990.", token);
            return await complaint.AnswerAsync("email", "", token);
        }),
        ("sent", (complaint, token) => complaint.SendAsync(complaint.Work(), token)),
        ("sent-again", (complaint, token) => complaint.AgainAsync(token)),
        ("followed", (complaint, token) => complaint.FollowAsync("look", token)),
        ("proof-asked", (complaint, token) => complaint.FollowAsync("ask", token)),
        ("proof-looked-for", (complaint, token) => complaint.FollowAsync("recheck", token)),
        ("followed-without-proof", (complaint, token) => complaint.FollowAsync("look", token)),
    ];

    public string Name => name;

    /// <summary>Up to the question for the name.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        page = await client.GetStringAsync(new Uri(Form, UriKind.Relative), cancellationToken);
        await AnswerAsync("party", "owner", cancellationToken);
        await AnswerAsync("kind", "never", cancellationToken);
    }

    private Task<(double, string)> AnswerAsync(string step, string value, CancellationToken cancellationToken) =>
        PostAsync(Form, cancellationToken, ("draft", Hidden("draft")), ("at", step), (step, value), ("go", "next"));

    private async Task<(double, string)> SendAsync(string work, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(Form, cancellationToken, ("draft", Hidden("draft")), ("at", "check"), ("work", work), ("go", "send"));
        reference = TakenReference().Match(page).Value;
        secret = TakenSecret().Match(page).Groups["secret"].Value;
        return reference.Length > 0 && secret.Length > 0 ? answer : throw new InvalidOperationException("The complaint was not taken: " + page);
    }

    private Task<(double, string)> AgainAsync(CancellationToken cancellationToken) => SendAsync(Hidden("work"), cancellationToken);

    private Task<(double, string)> FollowAsync(string go, CancellationToken cancellationToken) => PostAsync("/en/status", cancellationToken, ("reference", reference), ("secret", secret), ("go", go));

    private async Task<(double, string)> PostAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        var started = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        page = Encoding.UTF8.GetString(bytes);
        return (elapsed, OracleText.Print((int)response.StatusCode, response.Headers.Concat(response.Content.Headers), page, name));
    }

    private string Hidden(string field) => Regex.Match(page, $"name=\"{field}\" value=\"(?<value>[^\"]*)\"").Groups["value"].Value;

    private string Work()
    {
        var challenge = Challenge().Match(page);
        var bits = int.Parse(challenge.Groups["bits"].Value, CultureInfo.InvariantCulture);
        for (var number = 0; ; number++)
        {
            var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{challenge.Groups["text"].Value}:{number}")));
            if (BitOperations.LeadingZeroCount(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash)) >= bits) return number.ToString(CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex("data-challenge=\"(?<text>[^\"]+)\" data-bits=\"(?<bits>[0-9]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Challenge();

    [GeneratedRegex("BL-[0-9A-Z]{10}")]
    private static partial Regex TakenReference();

    [GeneratedRegex("data-secret>(?<secret>[^<]+)<|data-secret=\"\">(?<secret>[^<]+)<", RegexOptions.ExplicitCapture)]
    private static partial Regex TakenSecret();
}
