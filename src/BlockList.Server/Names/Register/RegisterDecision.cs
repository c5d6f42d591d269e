namespace BlockList.Server.Names.Register;

/// <summary>A signed change of the register, as it was received.</summary>
internal sealed class RegisterDecision
{
    /// <summary>Order of arrival.</summary>
    public long Position { get; init; }

    public required Guid Id { get; init; }

    /// <summary><c>add</c>, <c>retire</c> or <c>import</c>.</summary>
    public required string Action { get; init; }

    public required string Source { get; init; }

    public string? Name { get; init; }

    public Guid? Proof { get; init; }

    public Guid? Retires { get; init; }

    public string? FileSha256 { get; init; }

    /// <summary>Names that an imported file gave.</summary>
    public int? Rows { get; init; }

    /// <summary>Lines of it that gave none.</summary>
    public int? LeftOut { get; init; }

    public required string Agency { get; init; }

    public required string Person { get; init; }

    public required string Credential { get; init; }

    /// <summary>1, 2, 3, … for each credential.</summary>
    public required long Sequence { get; init; }

    public string? PreviousSha256 { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    public required byte[] Statement { get; init; }

    public string StatementSha256 { get; init; } = "";

    public required byte[] Nonce { get; init; }

    public required byte[] AuthenticatorData { get; init; }

    public required byte[] ClientData { get; init; }

    public required byte[] Signature { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}
