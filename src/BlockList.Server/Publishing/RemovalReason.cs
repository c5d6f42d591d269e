using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;

namespace BlockList.Server.Publishing;

/// <summary>Why an entry of one version is not in the next, as words of the database and as sentences.</summary>
internal static class RemovalReason
{
    public const string Lapsed = "lapsed";
    private const string TooFew = "too-few";
    private const string Guarded = "guarded";
    private const string UnderComplaint = "complaint";
    private const string Upheld = "upheld";

    /// <summary>The episode that the entry stood on in the version before: the newest one if it was ever published, else the
    /// one that it came in with. Null for names without decisions.</summary>
    public static EpisodeState? EpisodeOf(string line, Guid? began, LedgerState state, RegisteredList list) =>
        ListedName.TryParse(line, out var name) && state.NewestOf(list.Id, name) is { WasPublished: true } newest ? newest : began is { } id ? state.Find(id) : null;

    public static string Of(EpisodeState episode, AssembledList assembled, DateTimeOffset instant, RegisteredList list, AgencyRegister register) =>
        // Asked first: what also lapsed, say, would wait for the slot, and somebody innocent with it.
        episode.IsUpheld ? Upheld
        : episode is { IsSuspendedByComplaint: true, IsClosed: false } ? UnderComplaint
        : assembled.LeftOut.Contains(episode.Id) ? Guarded : episode.StageAt(instant, list, register.AgenciesOf(list)) switch
        {
            EpisodeStage.Lapsed => Lapsed,
            EpisodeStage.Removed => "removed",
            EpisodeStage.Declined => "declined",
            EpisodeStage.Suspended => "suspended",
            EpisodeStage.Disputed => "disputed",
            EpisodeStage.Withdrawn => "withdrawn",
            _ => TooFew,
        };

    /// <summary>Of a decision that takes an entry off by itself.</summary>
    public static string Of(DecisionStatement decision) => decision.Kind switch
    {
        DecisionKind.Suspension => UnderComplaint,
        DecisionKind.ComplaintOutcome => Upheld,
        _ => "removed",
    };

    /// <summary>The same as far as haste goes. An entry that is off the list for want of votes left it by a decision only where somebody
    /// took a vote back: else the register of agencies changed, or the accepted criteria, and no innocent owner waits for that.</summary>
    public static RemovalCause CauseOf(EpisodeState episode, AssembledList assembled, DateTimeOffset instant, RegisteredList list, AgencyRegister register) =>
        Of(episode, assembled, instant, list, register) switch
        {
            "suspended" or UnderComplaint or Upheld => RemovalCause.Suspension,
            "removed" or "declined" or "disputed" or "withdrawn" or Guarded => RemovalCause.Decision,
            TooFew when episode.HasRetractedVote => RemovalCause.Decision,
            _ => RemovalCause.Time,
        };

    public static string Describe(string? reason) => reason switch
    {
        Lapsed => "The lease ran out: nobody reported a newer sighting in time.",
        "removed" => "A release officer removed it.",
        "declined" => "Two agencies found a criterion not met.",
        "suspended" => "An agency found a criterion not met, and nobody settled it within 24 hours.",
        UnderComplaint => "It is suspended while a complaint about it is decided.",
        Upheld => "A complaint about it was upheld, in part at least.",
        "disputed" => "An agency found a criterion not met.",
        "withdrawn" => "Every agency that had voted withdrew its vote.",
        TooFew => "A vote was withdrawn or does not count any more: fewer agencies than the list needs find the criteria met.",
        Guarded => "The never-block guard speaks against the name now, and two people enforced that.",
        _ => "The reason was not written down.",
    };
}
