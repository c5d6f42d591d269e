using BlockList.Format.Names;

namespace BlockList.Server.Names.Register;

/// <summary>What the guard says of a name that somebody asked about, with what it goes by.</summary>
/// <param name="Name">As it was understood; null where it was not.</param>
/// <param name="WasReduced">Whether an address was pasted and its domain taken.</param>
/// <param name="Problem">Why it is no name that could be listed; null where it is.</param>
/// <param name="Verdict">Null exactly where <paramref name="Problem"/> is not.</param>
/// <param name="Match">Of the register alone.</param>
/// <param name="Deciding">The statement that brought the row which matched; null for hosts of the installation, and where none did.</param>
/// <param name="Others">More single rows at, above and below it.</param>
internal sealed record RegisterAnswer(ListedName? Name, bool WasReduced, NameProblem? Problem, GuardVerdict? Verdict, RegisterMatch Match, RegisterStatement? Deciding, IReadOnlyList<RegisterStatement> Others);
