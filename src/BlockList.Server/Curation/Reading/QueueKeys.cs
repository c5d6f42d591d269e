using BlockList.Server.Access;

namespace BlockList.Server.Curation.Reading;

/// <summary>Which combinations of stage and voters make up a queue for a viewer. Each is one range of an index.</summary>
internal static class QueueKeys
{
    public const string Review = "review";
    public const string Lapsing = "lapsing";
    public const string Disputed = "disputed";
    public const string Untold = "untold";
    public const string Mine = "mine";
    public const string Guard = "guard";
    public const string ReReview = "left-out";

    /// <summary>Those that are counted by tallies.</summary>
    public static readonly string[] Tabs = [Review, Lapsing, Disputed, Untold];

    /// <summary>Who decides on what the never-block guard says, and who reads everything.</summary>
    public static bool MayReadGuard(Viewer viewer) => viewer.ReadsEverything || viewer.Is(RoleNames.ReleaseOfficer);

    /// <summary>Who assesses for an agency, and who reads everything.</summary>
    public static bool MayReadReReviews(Viewer viewer) => viewer.ReadsEverything || (viewer.Agency is not null && viewer.Is(RoleNames.Curator));

    public static IEnumerable<Tally> Of(string tab, Viewer viewer, IEnumerable<Tally> tallies) => tab switch
    {
        // Whatever waits for an agency that has not voted; who reads everything sees all that waits.
        Review => tallies.Where(t => Sight.WaitingStages.Contains(t.Queue) && (viewer.ReadsEverything || (viewer.Agency is { } agency && !Sight.HasVoted(agency, t.Voters)))),
        Disputed => tallies.Where(t => t.Queue is "disputed" or "suspended" && Sight.Opens(viewer, t.Voters)),
        Lapsing or Untold => tallies.Where(t => t.Queue == tab && Sight.Opens(viewer, t.Voters)),
        _ => [],
    };
}
