namespace BlockList.Server.Curation;

/// <summary>What taking an import back would do.</summary>
/// <param name="Decisions">The withdrawals to sign.</param>
/// <param name="Skipped">What stays, and why.</param>
internal sealed record RevertPlan(IReadOnlyList<PreparedDecision> Decisions, IReadOnlyList<RevertPlan.Kept> Skipped)
{
    internal sealed record Kept(string Name, string Scope, string Reason);
}
