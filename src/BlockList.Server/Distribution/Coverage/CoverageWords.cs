using System.Globalization;

namespace BlockList.Server.Distribution.Coverage;

/// <summary>How a provider can stand with a list, as people say it; what it means, and what to do.</summary>
/// <param name="Id">As the database and addresses have it.</param>
/// <param name="Label">Its words.</param>
/// <param name="Icon">Beside them.</param>
/// <param name="Look">Class of the badge.</param>
/// <param name="Advice">What it means and what to do.</param>
internal sealed record StandingWord(string Id, string Label, string Icon, string Look, string Advice)
{
    public const string Current = "current";

    private const string Bad = "is-suspended";
    private const string Mild = "is-awaiting";

    /// <summary>The gravest first, as the database orders them.</summary>
    public static readonly StandingWord[] All =
    [
        new("differs", "other content", "warning", Bad, "A receipt has content, or a log, that is not ours. Something stands between the agent and this server, or keys of the list are in other hands."),
        new("frozen", "expired metadata", "pause", Bad, "What the agent holds was signed more than a week ago. It goes on enforcing and warns; nothing newer reaches it."),
        new("stale", "silent for a day", "clock", Bad, "Nothing came from it for 24 hours. Names that were removed since are still blocked there."),
        new("refused", "refused", "cross", Bad, "The last thing that it asked for was refused: look at its certificate, and whether it may read the list."),
        new("failing", "could not apply", "warning", Bad, "The agent could not put the list in force, or withdrew it; what was in force before stays. Its journal says why."),
        new("held", "held by a brake", "hand", Bad, "The agent keeps back what a version changed until a person accepts it: blocklist-agent diff, then apply with --accept."),
        new("silent", "no receipts", "eye", Bad, "It downloads the list and does not say what is in force: another client than the agent, or receipts that do not get through."),
        new("unproven", "test name not enforced", "warning", Bad, "The newest test name is not blocked, or the one before still is: the filter does not follow the list."),
        new("behind", "behind", "hourglass", Mild, "An older version than the newest is in force, longer than an hour after it was published."),
        new("following", "on its way", "hourglass", Mild, "The newest version was published less than an hour ago, and an older one is in force there, or none yet."),
        new("new", "never connected", "plus", Mild, "Nothing was ever asked for with its certificates."),
        new("leaves-out", "leaves names out", "note", Mild, "Its own never-block file takes names out of the list. The agencies that listed them are asked to look again."),
        new(Current, "up to date", "check", "is-published", "The newest version is in force, as far as receipts show it."),
    ];

    public static StandingWord? Find(string? id) => Array.Find(All, word => word.Id == id);

    public static StandingWord Of(string id) => Find(id) ?? throw new InvalidOperationException($"no word is known for {id}");

    /// <summary>Those of a provider, or that it is up to date.</summary>
    public static IEnumerable<StandingWord> Of(IReadOnlyCollection<string> states) => states.Count == 0 ? [Of(Current)] : states.Select(Of);
}

/// <summary>Spans of time as people say them.</summary>
internal static class SpanText
{
    /// <param name="seconds">Infinity where it has not happened.</param>
    public static string Of(double seconds) => seconds switch
    {
        double.PositiveInfinity => "not within a day",
        < 0 => "0 s",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0.#} days"),
    };

    /// <summary>The three percentiles in one line, or a dash.</summary>
    public static string Of(IReadOnlyList<double>? percentiles) => percentiles is null ? "–" : string.Join(" · ", percentiles.Select(Of));
}
