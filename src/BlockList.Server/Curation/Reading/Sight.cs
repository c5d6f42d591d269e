using BlockList.Server.Access;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Reading;

/// <summary>
/// The blind rule, and the only place that states it: what agencies found in an episode is seen by agencies that voted in it
/// themselves, and by people who read everything and sit in no agency. All others learn that the entry waits for an
/// assessment, where to look, and what is published, which providers know too.
/// </summary>
internal static class Sight
{
    /// <summary>Episodes that another agency's judgement can move: to who has not voted they all look the same.</summary>
    public static readonly string[] WaitingStages = ["review", "disputed", "suspended"];

    private static readonly string[] ClosedStages = ["lapsed", "removed", "declined"];

    /// <param name="viewer">Who looks.</param>
    /// <param name="voters">Ids of the agencies that voted, a space between them.</param>
    public static bool Opens(Viewer viewer, string voters) => viewer.ReadsEverything || (viewer.Agency is { } agency && HasVoted(agency, voters));

    /// <summary>Whether what the never-block guard has against a decided entry is shown. That an entry is left out tells that others found it
    /// met, so who may yet assess it is not told; that the guard touches a published one tells nothing that providers do not know.
    /// Release officers have to know of both: those who assess nothing see them all.</summary>
    public static bool ShowsGuard(Viewer viewer, string voters, bool isTouched) => isTouched || Opens(viewer, voters) || ReleasesOnly(viewer);

    /// <summary>Release officers who assess nothing.</summary>
    public static bool ReleasesOnly(Viewer viewer) => viewer.Is(RoleNames.ReleaseOfficer) && !viewer.Is(RoleNames.Curator);

    public static bool HasVoted(string agency, string voters)
    {
        foreach (var voter in voters.AsSpan().Split(' '))
            if (voters.AsSpan()[voter].SequenceEqual(agency)) return true;
        return false;
    }

    /// <summary>The state as this viewer may know it.</summary>
    public static EntryState StateOf(bool isSeen, string stage, bool isLapsing, int? publishedSince)
    {
        if (!isSeen) return ClosedStages.Contains(stage) ? EntryState.Closed : publishedSince is not null ? EntryState.Published : EntryState.Awaiting;
        return stage switch
        {
            "review" => EntryState.Awaiting,
            "disputed" => EntryState.Disputed,
            "suspended" => EntryState.Suspended,
            "withdrawn" => EntryState.Withdrawn,
            "lapsed" => EntryState.Lapsed,
            "removed" => EntryState.Removed,
            "declined" => EntryState.Declined,
            _ when isLapsing => EntryState.LapsingSoon,
            _ => publishedSince is null ? EntryState.Eligible : EntryState.Published,
        };
    }

    /// <summary>Whether an episode is found under a state: a filter must not tell what the page would not.</summary>
    /// <param name="isSeen">Whether the viewer may see the episode.</param>
    /// <param name="stage">Where it stands.</param>
    /// <param name="asked">The stage that is filtered by.</param>
    public static bool Matches(bool isSeen, string stage, string asked) => isSeen ? stage == asked
        : asked switch
        {
            "review" => stage == "withdrawn" || WaitingStages.Contains(stage),
            // Of these, those that are published; the query sees to it.
            "eligible" => stage == "eligible",
            _ => false,
        };
}
