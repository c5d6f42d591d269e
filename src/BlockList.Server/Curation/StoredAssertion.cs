namespace BlockList.Server.Curation;

/// <summary>One WebAuthn assertion as it was received: over one statement, or over the Merkle root of a batch.</summary>
internal sealed class StoredAssertion
{
    public const string OneDecision = "decision";
    public const string Batch = "batch";

    public required Guid Id { get; init; }

    public required string Credential { get; init; }

    public required string Form { get; init; }

    public required int Statements { get; init; }

    public required byte[] Nonce { get; init; }

    public required byte[] AuthenticatorData { get; init; }

    public required byte[] ClientData { get; init; }

    public required byte[] Signature { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}
