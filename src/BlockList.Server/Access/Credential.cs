namespace BlockList.Server.Access;

/// <summary>Display copy of a signing credential of the register.</summary>
internal sealed class Credential
{
    /// <summary>SHA-256 of the public key, hexadecimal.</summary>
    public required string Id { get; init; }

    public required string Person { get; init; }

    /// <summary>Null of people who belong to none.</summary>
    public required string? Agency { get; init; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; init; }

    public required string[] Roles { get; set; }
}
