using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;

namespace BlockList.Server.Distribution;

/// <summary>
/// Which certificates our authority for providers made, whatever their dates: what is expired, revoked or suspended is refused by an answer
/// that says so, which a broken handshake cannot.
/// </summary>
internal sealed class ProviderCertificates(TlsMaterial material)
{
    /// <summary>A new one for each certificate: what the client sent beside it is added to it.</summary>
    public X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
        };
        policy.CustomTrustStore.AddRange(material.ClientAuthorities);
        policy.ApplicationPolicy.Add(ClientCertificate.ClientAuthentication);
        return policy;
    }

    /// <summary>Whether it is that of a proxy, which the operator named.</summary>
    public bool IsOfProxy(string sha256) => material.Proxies.Contains(sha256);

    /// <summary>Of one that a proxy says it was shown; null where nothing is against it.</summary>
    public string? ReasonAgainst(X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = ChainPolicy() };
        return ReasonAgainst(certificate, chain, chain.Build(certificate) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors);
    }

    /// <summary>Of one that was shown in a handshake, with what the handshake found; null where nothing is against it.</summary>
    public static string? ReasonAgainst(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors != SslPolicyErrors.None ? string.Join(", ", chain?.ChainStatus.Select(s => s.Status) ?? [])
        : !ClientCertificate.IsForClientAuthentication(certificate) ? "not made for client authentication"
        : !ClientCertificate.HasStrongKey(certificate) ? "its key is weak"
        // Whoever our authority made an authority, by mistake or by theft, lets nobody in.
        : chain is { ChainElements.Count: > 2 } ? "not signed by our authority itself"
        : null;
}
