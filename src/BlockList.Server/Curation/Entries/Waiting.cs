using BlockList.Format.Statements;

namespace BlockList.Server.Curation.Entries;

/// <summary>Stages in which a further agency's assessment changes something. Blind reviewers see them as one.</summary>
internal static class Waiting
{
    public static readonly string[] Stages = ["review", "disputed", "suspended"];

    public static bool Holds(EpisodeStage stage) => stage is EpisodeStage.Review or EpisodeStage.Disputed or EpisodeStage.Suspended;
}
