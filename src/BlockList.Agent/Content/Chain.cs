using System.Globalization;
using BlockList.Agent.State;

namespace BlockList.Agent.Content;

/// <summary>
/// The steps that led to the held version, one file each. Each names where it comes from, so the way is found backwards; a
/// file that a crash left behind leads nowhere and is never met.
/// </summary>
internal sealed class Chain(ListState state)
{
    /// <summary>How far back <c>rollback</c> can go.</summary>
    public const int StepsKept = 30;

    public void Keep(Step step) => StateJson.Write(PathOf(step.To), step.ToJson());

    /// <summary>The steps from one place to another, in order; none where both are the same; null where one is missing.</summary>
    /// <exception cref="StateException">A step is damaged.</exception>
    public IReadOnlyList<Step>? Between(ChainPoint from, ChainPoint to)
    {
        var steps = new List<Step>();
        var seen = new HashSet<ChainPoint>();
        for (var at = to; at != from; at = steps[^1].From)
        {
            // Numbers that begin again could lead round in a circle.
            if (!seen.Add(at) || ReadTo(at) is not { } step) return null;
            steps.Add(step);
        }
        steps.Reverse();
        return steps;
    }

    /// <summary>Removes what neither brakes nor <c>rollback</c> can still ask for.</summary>
    /// <param name="enforced">The oldest version that something is still decided from.</param>
    /// <param name="held">The newest version.</param>
    public void Prune(ChainPoint enforced, ChainPoint held)
    {
        if (!Directory.Exists(state.Steps)) return;
        var paths = Directory.GetFiles(state.Steps, "*.json");
        if (paths.Length <= 2 * StepsKept) return;
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var behind = 0;
        for (var at = held; behind <= StepsKept && ReadTo(at) is { } step && needed.Add(PathOf(at)); at = step.From)
            if (behind > 0 || at == enforced) behind++;
        foreach (var path in paths.Where(p => !needed.Contains(p))) DurableFile.Delete(path);
    }

    /// <summary>The step that led to a version, as this agent took it; null where there is none, of a first version.</summary>
    public Step? ReadTo(ChainPoint point) =>
        StateJson.Read(PathOf(point), Step.Parse) is { } step && step.To == point ? step : null;

    private string PathOf(ChainPoint to) =>
        Path.Combine(state.Steps, string.Create(CultureInfo.InvariantCulture, $"{to.Version.Value:D10}-{to.Sha256.AsSpan(0, 16)}.json"));
}
