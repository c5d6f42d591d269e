using System.Security.Cryptography.X509Certificates;
using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Enrolment;

/// <summary>Everything about a bundle that can be checked without the network.</summary>
internal sealed class CheckBundle(Bundle bundle, TimeProvider time)
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly DateTimeOffset now = time.GetUtcNow();

    /// <exception cref="ConfigurationException">A certificate is out of date, is for another use, or its chain is broken.</exception>
    public void Certificates()
    {
        using var identity = ClientIdentity.Load(bundle.ServerSettings);
        RequireInDate(identity.Certificate, Bundle.CertificateFile);
        foreach (var authority in identity.Authorities)
        {
            if (authority.Extensions.OfType<X509BasicConstraintsExtension>().All(e => !e.CertificateAuthority))
                throw Wrong(Bundle.AuthorityFile, "holds a certificate that is no authority's");
        }
        if (identity.Authorities.All(a => !IsInDate(a))) throw Wrong(Bundle.AuthorityFile, "holds no authority that is in date");
        var usages = identity.Certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (usages is not null && usages.EnhancedKeyUsages[ClientUsage] is null)
            throw Wrong(Bundle.CertificateFile, "is not made for a client of a server");
        RequireChain(identity);
    }

    /// <summary>Reads the first root of each list.</summary>
    /// <param name="expected">Hashes that came by another way, by list.</param>
    /// <exception cref="RefusedException">A root is not what it should be.</exception>
    public IReadOnlyList<BundledRoot> Roots(IReadOnlyDictionary<string, string> expected)
    {
        if (expected.Keys.Except(bundle.Lists).FirstOrDefault() is { } unknown)
            throw new ConfigurationException($"--root-sha256 names list \"{unknown}\", which is not in the bundle. It has: {string.Join(", ", bundle.Lists)}.");
        var roots = bundle.Lists.Select(ReadRoot).ToArray();
        foreach (var root in roots)
        {
            if (root.Document.List != root.List)
                throw new RefusedException(RefusalReason.Foreign, $"{Bundle.RootFileOf(root.List)} is the root of list \"{root.Document.List}\"");
            if (root.Document.Deployment != roots[0].Document.Deployment)
                throw new RefusedException(RefusalReason.Foreign, $"the roots of {root.List} and {roots[0].List} are of different deployments");
            if (expected.TryGetValue(root.List, out var hash) && hash != root.Sha256)
                throw new RefusedException(RefusalReason.Hash, $"the root of {root.List} has the SHA-256 {root.Sha256}, and you were told {hash}. Do not use this bundle");
        }
        return roots;
    }

    private BundledRoot ReadRoot(string list)
    {
        var path = bundle.PathOf(Bundle.RootFileOf(list));
        var bytes = DurableFile.TryRead(path) ?? throw new ConfigurationException($"{path} does not exist. Take the bundle from the operator again.");
        return new BundledRoot(list, bytes, Hashes.Sha256(bytes), new TrustedMetadata(bytes, now).Root);
    }

    private void RequireInDate(X509Certificate2 certificate, string file)
    {
        if (!IsInDate(certificate))
            throw Wrong(file, $"is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, which is not now");
    }

    private bool IsInDate(X509Certificate2 certificate) => certificate.NotBefore <= now && now < certificate.NotAfter;

    /// <summary>Certificates that come along must lead from ours to the last of them. Where none come along the authority may
    /// be one that only the server knows; the first request shows whether it accepts ours.</summary>
    private void RequireChain(ClientIdentity identity)
    {
        if (identity.Chain.Count == 0) return;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(identity.Chain);
        chain.ChainPolicy.CustomTrustStore.Add(identity.Chain[^1]);
        chain.ChainPolicy.CustomTrustStore.AddRange(identity.Authorities);
        if (!chain.Build(identity.Certificate))
            throw Wrong(Bundle.CertificateFile, $"has a chain that does not hold ({string.Join(", ", chain.ChainStatus.Select(s => s.Status))})");
    }

    private ConfigurationException Wrong(string file, string what) =>
        new($"{bundle.PathOf(file)} {what}. Nothing was written. Take the bundle from the operator again; if the dates are the trouble, check this machine's clock first.");
}
