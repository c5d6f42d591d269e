namespace BlockList.Server.Distribution;

/// <summary>One answered request of the download endpoint, refusals included: the read audit of published names.</summary>
internal sealed class Download
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public required string CertificateSha256 { get; init; }

    /// <summary>Null where the certificate is not enrolled.</summary>
    public Guid? ProviderId { get; init; }

    public string? List { get; init; }

    public required string Path { get; init; }

    public required int Status { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; init; }

    /// <summary>Bytes of the body as sent.</summary>
    public required long Bytes { get; init; }
}
