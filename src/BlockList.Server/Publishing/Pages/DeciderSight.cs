using BlockList.Format.Statements;
using BlockList.Server.Access;

namespace BlockList.Server.Publishing.Pages;

/// <summary>Who may know who decided about an entry. That it is in a version is known to all; a second reviewer, today or in a dispute later,
/// must not learn from a version what a form would not tell them.</summary>
internal static class DeciderSight
{
    /// <param name="viewer">Who reads.</param>
    /// <param name="decisions">All of one episode.</param>
    public static bool IsOpenTo(Viewer viewer, IEnumerable<DecisionStatement> decisions) =>
        viewer.ReadsEverything || (viewer.Agency is { } agency && decisions.Any(d => d.IsVote && d.Agency == agency));
}
