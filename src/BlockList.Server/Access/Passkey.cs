using System.Security.Cryptography;

namespace BlockList.Server.Access;

/// <summary>A WebAuthn credential that signs its person in, and signs nothing else.</summary>
internal sealed class Passkey
{
    /// <summary>As the authenticator made it.</summary>
    public required byte[] Id { get; init; }

    public required string Person { get; init; }

    /// <summary>What the person calls it: "Blue security key".</summary>
    public required string Name { get; set; }

    /// <summary>COSE key.</summary>
    public required byte[] PublicKey { get; init; }

    public required long SignCount { get; set; }

    public required string[] Transports { get; init; }

    public required bool IsUserVerified { get; init; }

    public required bool IsBackupEligible { get; init; }

    public required bool IsBackedUp { get; set; }

    public required byte[] AttestationObject { get; init; }

    public required byte[] ClientData { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>What addresses and the audit log call a credential: enough to tell, too little to look for it elsewhere.</summary>
    public static string Label(byte[] id) => Convert.ToHexStringLower(SHA256.HashData(id).AsSpan(0, 8));
}
