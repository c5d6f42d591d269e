namespace BlockList.Format.Statements;

/// <summary>Whom passkeys sign for: the relying party id and the one origin at which decisions are signed
/// (Web Authentication Level 2, section 4).</summary>
public sealed record RelyingParty(string Id, string Origin);
