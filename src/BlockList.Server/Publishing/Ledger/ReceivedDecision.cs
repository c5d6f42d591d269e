namespace BlockList.Server.Publishing.Ledger;

/// <summary>A decision as curation stored it: the bytes and where they belong, nothing that was copied out of them.</summary>
internal sealed record ReceivedDecision(Guid Id, string Credential, long Sequence, byte[] Statement, Guid AssertionId, int Leaf);

/// <summary>An assertion as curation stored it.</summary>
internal sealed record ReceivedAssertion(Guid Id, string Form, int Statements, byte[] Nonce, byte[] AuthenticatorData, byte[] ClientData, byte[] Signature);
