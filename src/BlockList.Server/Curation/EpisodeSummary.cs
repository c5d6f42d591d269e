using BlockList.Format.Statements;

namespace BlockList.Server.Curation;

/// <summary>
/// What an episode's row says beside its name: the one formula, asked at an instant. What time alone changes later, the
/// function <c>curation.advance_stages</c> changes by the same rules when <see cref="DueAt"/> has come.
/// </summary>
internal sealed record EpisodeSummary(EpisodeStage Stage, string Voters, int MetAgencies, int MetCountries, DateTimeOffset NewestSighting, DateTimeOffset LapsesAt,
    DateTimeOffset? SuspendedFrom, DateTimeOffset? WaitsSince, bool Overdue, bool Lapsing, DateTimeOffset? DueAt)
{
    /// <summary>An entry that waits longer for another agency escalates; one that lapses sooner is asked after.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public bool IsClosed => Stage is EpisodeStage.Lapsed or EpisodeStage.Removed or EpisodeStage.Declined;

    /// <param name="state">After its newest decision.</param>
    /// <param name="rules">Of its list.</param>
    /// <param name="now">The instant.</param>
    /// <param name="waitedSince">Since when it waited before that decision, or null where it did not.</param>
    public static EpisodeSummary Of(EpisodeState state, ListRules rules, DateTimeOffset now, DateTimeOffset? waitedSince)
    {
        var stage = state.StageAt(now, rules.List, rules.Agencies);
        var met = state.MetBy(rules.List, rules.Agencies);
        var (lapsesAt, suspendedFrom) = (state.LapsesAt(rules.List), state.Doubt is { IsReReview: true } doubt ? doubt.SuspendedFrom : (DateTimeOffset?)null);
        var summary = new EpisodeSummary(stage, string.Join(' ', state.Voters.Order(StringComparer.Ordinal)), met.Count, met.DistinctBy(a => a.Country).Count(),
            state.NewestSighting, lapsesAt, suspendedFrom, null, false, false, null);
        if (summary.IsClosed) return summary;
        var waitsSince = stage is EpisodeStage.Review or EpisodeStage.Disputed or EpisodeStage.Suspended ? waitedSince ?? now : (DateTimeOffset?)null;
        DateTimeOffset?[] ahead = [lapsesAt, lapsesAt - Notice, waitsSince + Notice, stage == EpisodeStage.Disputed ? suspendedFrom : null];
        return summary with
        {
            WaitsSince = waitsSince,
            Overdue = waitsSince + Notice <= now,
            Lapsing = lapsesAt - Notice <= now,
            DueAt = ahead.Where(at => at > now).Min(),
        };
    }

    /// <summary>As the column has it.</summary>
    public static string Print(EpisodeStage stage) => stage switch
    {
        EpisodeStage.Review => "review",
        EpisodeStage.Disputed => "disputed",
        EpisodeStage.Eligible => "eligible",
        EpisodeStage.Withdrawn => "withdrawn",
        EpisodeStage.Suspended => "suspended",
        EpisodeStage.Lapsed => "lapsed",
        EpisodeStage.Removed => "removed",
        EpisodeStage.Declined => "declined",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    public static EpisodeStage Parse(string column) => Enum.GetValues<EpisodeStage>().Single(stage => Print(stage) == column);
}
