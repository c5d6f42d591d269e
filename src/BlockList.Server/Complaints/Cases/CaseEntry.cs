namespace BlockList.Server.Complaints.Cases;

/// <summary>One entry that a complaint is about, and what the person who decides says of it.</summary>
/// <param name="Case">The complaint's reference.</param>
/// <param name="Episode">The entry, in the stretch of life that is complained of.</param>
/// <param name="Reason">As it was typed: beside the decision in words, in the statement as a salted hash. Never material, never whose complaint it is.</param>
/// <param name="Criterion">Id of the criterion that is in doubt, was not met, or is met after all; null where it is about none.</param>
internal sealed record CaseEntry(string Case, Guid Episode, string Reason, string? Criterion);
