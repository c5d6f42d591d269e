using BlockList.Format.Statements;
using BlockList.Tools.Deployments;
using static BlockList.Tools.Benchmarks.PatternStep;

namespace BlockList.Tools.Benchmarks;

/// <summary>A course that generated entries take.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="Weight">Of how many thousandths of the list's entries.</param>
/// <param name="FromDays">How long ago the youngest was proposed.</param>
/// <param name="ToDays">How long ago the oldest was proposed.</param>
/// <param name="Stage">Where it stands now; the formula is asked whether that is so.</param>
/// <param name="Steps">Its decisions, the proposal first.</param>
internal sealed record EntryPattern(string List, int Weight, double FromDays, double ToDays, EpisodeStage Stage, params PatternStep[] Steps)
{
    private const string WorstOf = DevelopmentKeys.WorstOf;
    private const string NoNational = DevelopmentKeys.NoNational;

    /// <summary>The step that put it on the list, or null if none did.</summary>
    public int? ListedBy { get; init; }

    /// <summary>A closed episode before the one that stands.</summary>
    public bool IsEarlier { get; init; }

    /// <summary>Most entries are listed, few wait, and each way of waiting and of ending occurs.</summary>
    public static readonly EntryPattern[] All =
    [
        new(WorstOf, 300, 2, 70, EpisodeStage.Eligible, Propose("anna"), Assess("bram", 0.8)) { ListedBy = 1 },
        new(WorstOf, 200, 2, 70, EpisodeStage.Eligible, Propose("bram"), Assess("elise", 0.6)) { ListedBy = 1 },
        new(WorstOf, 100, 2, 70, EpisodeStage.Eligible, Propose("elise"), Assess("cora", 1.1)) { ListedBy = 1 },
        new(WorstOf, 185, 62, 130, EpisodeStage.Eligible, Propose("cora"), Assess("bram", 1.3), See("bram", 60)) { ListedBy = 1 },
        new(WorstOf, 30, 0.2, 60, EpisodeStage.Review, Propose("anna")),
        new(WorstOf, 20, 0.2, 60, EpisodeStage.Review, Propose("bram")),
        new(WorstOf, 10, 0.2, 60, EpisodeStage.Review, Propose("elise")),
        new(WorstOf, 10, 0.5, 40, EpisodeStage.Review, Propose("dirk"), Assess("cora", 0.3)),
        new(WorstOf, 7, 1, 40, EpisodeStage.Disputed, Propose("anna"), Assess("bram", 0.7, Verdict.NotMet)),
        // A re-review whose 24 hours run out hours after the measurement.
        new(WorstOf, 3, 10, 10.2, EpisodeStage.Disputed, Propose("anna"), Assess("bram", 0.7), Assess("elise", 9.9, Verdict.NotMet)) { ListedBy = 1 },
        new(WorstOf, 12, 79, 87, EpisodeStage.Eligible, Propose("anna"), Assess("bram", 0.8)) { ListedBy = 1 },
        new(WorstOf, 8, 79, 87, EpisodeStage.Eligible, Propose("bram"), Assess("elise", 0.8)) { ListedBy = 1 },
        new(WorstOf, 10, 3, 60, EpisodeStage.Withdrawn, Propose("anna"), Withdraw("dirk", 2)),
        new(WorstOf, 5, 20, 60, EpisodeStage.Suspended, Propose("anna"), Assess("bram", 0.8), Assess("elise", 10, Verdict.NotMet)) { ListedBy = 1 },
        new(WorstOf, 50, 100, 400, EpisodeStage.Lapsed, Propose("anna"), Assess("bram", 0.8)) { ListedBy = 1 },
        new(WorstOf, 35, 35, 300, EpisodeStage.Removed, Propose("dirk"), Assess("elise", 0.8), Remove("olav", 30)) { ListedBy = 1 },
        new(WorstOf, 15, 8, 300, EpisodeStage.Declined, Propose("anna"), Assess("bram", 1, Verdict.NotMet), Assess("elise", 3, Verdict.NotMet)),
        new(WorstOf, 1000, 420, 700, EpisodeStage.Lapsed, Propose("bram"), Assess("elise", 0.8)) { IsEarlier = true },
        new(NoNational, 800, 2, 150, EpisodeStage.Eligible, Propose("anna")) { ListedBy = 0 },
        new(NoNational, 120, 2, 150, EpisodeStage.Eligible, Propose("cora"), Assess("anna", 1)) { ListedBy = 0 },
        new(NoNational, 80, 0.5, 40, EpisodeStage.Review, Propose("dirk", Verdict.Unknown)),
    ];
}
