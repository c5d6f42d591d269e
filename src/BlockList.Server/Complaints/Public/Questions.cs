using System.Globalization;
using BlockList.Server.Mail;

namespace BlockList.Server.Complaints.Public;

/// <summary>Which questions a draft has, what may be answered, and what is wrong with an answer.</summary>
internal static class Questions
{
    public const int LongestText = 5000;

    public static readonly string[] Parties = ["owner", "host", "customer", "visitor"];

    public static string[] KindsOf(string party) => party switch
    {
        "owner" => ["never", "cleaned", "new-owner", "shared", "technical"],
        "host" => ["cleaned", "never", "shared", "technical"],
        "customer" => ["shared", "never", "cleaned", "technical"],
        "visitor" => ["never", "cleaned", "technical"],
        _ => [],
    };

    public static bool Asks(Draft draft, Step step) => step != Step.Since || draft.Kind is "cleaned" or "new-owner";

    /// <summary>The first question without an answer that holds; the look at all of them where there is none.</summary>
    public static Step NextOf(Draft draft, DateOnly today) =>
        Enum.GetValues<Step>().First(step => step == Step.Check || (Asks(draft, step) && (!draft.Passed.Contains(step) || ProblemOf(draft, step, today) is not null)));

    /// <summary>The question before, or null at the first.</summary>
    public static Step? Before(Draft draft, Step step) => Enum.GetValues<Step>().Where(other => other < step && Asks(draft, other)).Select(other => (Step?)other).LastOrDefault();

    /// <summary>Key of the sentence that says what is wrong; null where nothing is.</summary>
    public static string? ProblemOf(Draft draft, Step step, DateOnly today) => step switch
    {
        Step.Party => Parties.Contains(draft.Party) ? null : "error.party",
        Step.Kind => KindsOf(draft.Party).Contains(draft.Kind) ? null : "error.kind",
        Step.Domain => TypedDomain.Read(draft.Domain).Problem,
        Step.Since => draft.Since.Length == 0 || SinceOf(draft) is { } since && since <= today.AddDays(1) && since.Year >= 1985 ? null : "error.since",
        Step.Text => string.IsNullOrWhiteSpace(draft.Text) ? "error.text.empty" : draft.Text.Length > LongestText ? "error.text.long" : null,
        Step.Email => draft.Email.Length == 0 || EmailOf(draft) is not null ? null : "error.email",
        _ => null,
    };

    public static DateOnly? SinceOf(Draft draft) => DateOnly.TryParseExact(draft.Since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since) ? since : null;

    /// <summary>The address with its domain as it is sent to; null where it is none.</summary>
    public static string? EmailOf(Draft draft) => Recipient.TryParse(draft.Email, out var recipient) ? recipient.Address : null;

    /// <summary>What a browser sent, as it is kept: with line ends of one kind. Null bytes do not get this far: ASP.NET Core reads no form with one.</summary>
    public static string Clean(string typed, Step step)
    {
        var text = typed.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return step == Step.Text ? text.TrimEnd() : text.Trim();
    }
}
