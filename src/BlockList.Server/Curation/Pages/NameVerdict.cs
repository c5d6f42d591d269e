using BlockList.Format.Names;

namespace BlockList.Server.Curation.Pages;

/// <summary>What the system makes of a name before anyone submits it.</summary>
/// <param name="Name">As it was understood; null where it was not.</param>
/// <param name="WasReduced">Whether an address was pasted and its domain taken.</param>
/// <param name="Problem">Why it cannot be proposed.</param>
/// <param name="Standing">What there is of it already.</param>
/// <param name="Fix">What to do about either.</param>
/// <param name="Reach">What listing it would stop, in a sentence.</param>
/// <param name="Handle">Of the entry that there is already.</param>
internal sealed record NameVerdict(ListedName? Name, bool WasReduced, string? Problem, string? Standing, string? Fix, string Reach, Guid? Handle);

/// <summary>Of the fragment that htmx puts into the page; nothing typed is no verdict.</summary>
internal sealed record ShownVerdict(NameVerdict? Verdict);
