using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Server.Curation.Pages;

/// <summary>What the system makes of a name before anyone submits it.</summary>
/// <param name="Name">As it was understood; null where it was not.</param>
/// <param name="WasReduced">Whether an address was pasted and its domain taken.</param>
/// <param name="Problem">Why it cannot be proposed.</param>
/// <param name="Standing">What there is of it already.</param>
/// <param name="Fix">What to do about either.</param>
/// <param name="Caution">What the never-block guard wants known of it although it can be proposed.</param>
/// <param name="Blast">What listing it would stop; null where it cannot be proposed.</param>
/// <param name="Weaknesses">What the guard cannot see at present.</param>
/// <param name="Handle">Of the entry that there is already.</param>
internal sealed record NameVerdict(ListedName? Name, bool WasReduced, string? Problem, string? Standing, string? Fix, NameProblem? Caution, BlastRadius? Blast, IReadOnlyList<string> Weaknesses, Guid? Handle)
{
    /// <summary>Of a name that cannot be proposed.</summary>
    public static NameVerdict Of(ListedName? name, bool wasReduced, NameProblem problem) => new(name, wasReduced, problem.Message, null, problem.Fix, null, null, [], null);
}

/// <summary>Of the fragment that htmx puts into the page; nothing typed is no verdict.</summary>
internal sealed record ShownVerdict(NameVerdict? Verdict);
