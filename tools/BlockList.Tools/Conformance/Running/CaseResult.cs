namespace BlockList.Tools.Conformance.Running;

/// <summary>How an agent did in one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Differences">What was otherwise than it must be, with the step; empty where the agent is right.</param>
internal sealed record CaseResult(ConformanceCase Case, IReadOnlyList<string> Differences)
{
    public bool IsRight => Differences.Count == 0;

    public override string ToString() => IsRight ? $"right  {Case.Id}" : $"WRONG  {Case.Id}: {string.Join("; ", Differences)}";
}
