namespace BlockList.Server.Verifying;

/// <summary>What an answer names of a candidate: enough to refuse one that cannot be read.</summary>
internal sealed record CandidateKey(Guid Id, string List, int Serial, int TargetsVersion, string Form);
