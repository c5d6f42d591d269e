namespace BlockList.Server.Publishing.Gates;

/// <summary>What a version may not pass until a person who decided none of it has looked.</summary>
[Flags]
internal enum Gate
{
    None = 0,

    /// <summary>It adds more than one version may.</summary>
    Growth = 1,

    /// <summary>It removes more than one version may.</summary>
    Shrinkage = 2,

    /// <summary>It would leave nothing on a list that has entries.</summary>
    Empty = 4,

    /// <summary>More is to be removed at once than may be within a day.</summary>
    Ceiling = 8,
}

internal static class GateText
{
    private static readonly (Gate Gate, string Word)[] Words = [(Gate.Growth, "growth"), (Gate.Shrinkage, "shrinkage"), (Gate.Empty, "empty"), (Gate.Ceiling, "ceiling")];

    /// <summary>As the database has them.</summary>
    public static string[] Print(Gate gates) => [.. Words.Where(w => gates.HasFlag(w.Gate)).Select(w => w.Word)];

    public static Gate Parse(IEnumerable<string> words) => words.Aggregate(Gate.None, (gates, word) => gates | Words.Single(w => w.Word == word).Gate);
}
