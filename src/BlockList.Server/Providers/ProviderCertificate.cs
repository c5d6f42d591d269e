namespace BlockList.Server.Providers;

/// <summary>An enrolled client certificate. What is not here is not let in, whoever signed it.</summary>
internal sealed class ProviderCertificate
{
    /// <summary>SHA-256 of the DER certificate, hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required Guid ProviderId { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public DateTimeOffset EnrolledAt { get; init; }

    /// <summary>The certificate that this one was renewed from; revoking that one revokes this.</summary>
    public string? RenewedFrom { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>SHA-256 of its public key (SubjectPublicKeyInfo, DER): a key has one certificate, ever. Null for those that were enrolled before it was kept.</summary>
    public byte[]? KeySha256 { get; init; }
}
