namespace BlockList.Server.Providers.Issuing;

/// <summary>A certificate that somebody asked for and nobody answered yet.</summary>
/// <param name="Csr">DER.</param>
/// <param name="KeySha256">Of its key, as whoever took the request wrote it; it is read from the request again.</param>
/// <param name="Renewed">The certificate that it takes over from, DER; null where a code asked.</param>
/// <param name="Signature">By that one's key.</param>
internal sealed record OpenRequest(Guid Id, Guid ProviderId, byte[] Csr, byte[] KeySha256, byte[]? Renewed, byte[]? Signature);
