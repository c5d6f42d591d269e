using BlockList.Agent.Trust;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Content;

/// <summary>The deltas that lead from the held version to the offered one without a gap.</summary>
/// <param name="Steps">In order; never empty.</param>
internal sealed record DeltaPath(IReadOnlyList<DeltaStep> Steps)
{
    private const int MostSteps = 30;

    /// <summary>Finds the path, or null where the full list is the better or the only way.</summary>
    public static DeltaPath? Between(Serial from, TrustedList to)
    {
        var count = (long)to.Version.Version.Value - from.Value;
        if (count is < 1 or > MostSteps) return null;
        var steps = new List<DeltaStep>();
        for (var version = from; version < to.Version.Version; version = version.Next())
        {
            var path = Delta.PathOf(version, version.Next());
            if (!to.Files.TryGetValue(path, out var file)) return null;
            steps.Add(new DeltaStep(version, path, file));
        }
        return steps.Sum(s => s.File.Length) * 2 < to.File.Length ? new DeltaPath(steps) : null;
    }
}
