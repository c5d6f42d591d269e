using BlockList.Agent.State;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>The difference between two versions at this provider.</summary>
/// <param name="InForce">The version that was applied last; null where none was.</param>
/// <param name="Newest">The newest verified one.</param>
/// <param name="Added">Entries of the newest that the one in force has not.</param>
/// <param name="Removed">Entries of the one in force that the newest has not.</param>
/// <param name="Next">What the next <c>apply</c> would decide.</param>
/// <param name="LeftOut">Entries of the newest that the provider's own never-block file leaves out.</param>
internal sealed record Comparison(string List, ListVersion? InForce, ListVersion Newest, ListFile Added, ListFile Removed, Decision Next, ListFile LeftOut)
{
    /// <summary>Every name that differs, each with the one word for what becomes of it, in a form for <c>grep</c> and <c>sort</c>.</summary>
    public IEnumerable<(string Word, string Line)> Names()
    {
        foreach (var line in Added.Lines) yield return ("added", line);
        foreach (var line in Removed.Lines) yield return ("removed", line);
        foreach (var line in Next.State.Holds.SelectMany(h => h.Additions.Lines)) yield return ("held-out", line);
        foreach (var line in Next.State.Holds.SelectMany(h => h.Removals.Lines)) yield return ("held-in", line);
        foreach (var line in Next.State.Waiting?.Additions.Lines ?? []) yield return ("waiting", line);
        foreach (var line in Next.State.Waiting?.Removals.Lines ?? []) yield return ("waiting-in", line);
        foreach (var line in LeftOut.Lines) yield return ("left-out", line);
    }
}
