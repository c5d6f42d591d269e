using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;

namespace BlockList.Server.Signing;

/// <summary>What the root holders do together, off line: sign roots and the agency register.</summary>
internal static class RootCeremony
{
    public const int Threshold = 2;

    /// <summary>How long a root is valid (a year, so that a forgotten ceremony shows long before it matters).</summary>
    public static readonly TimeSpan RootLifetime = TimeSpan.FromDays(365);

    /// <summary>Composes the root of a list and signs it.</summary>
    /// <param name="list">The list and deployment that every client will hold it to.</param>
    /// <param name="deployment">See <paramref name="list"/>.</param>
    /// <param name="version">1 for the first.</param>
    /// <param name="now">Time of the ceremony.</param>
    /// <param name="rootKeys">All holders' public keys.</param>
    /// <param name="online">Public online keys by role, <see cref="OnlineKeys.ManifestRole"/> and <see cref="OnlineKeys.LogRole"/> among them.</param>
    /// <param name="verifier">The verifier's public targets key, which must then sign beside the publisher's; null where there is no verifier.</param>
    /// <param name="holders">The holders that are present; a threshold of them, and of the root before, makes it valid.</param>
    public static byte[] SignRoot(string list, string deployment, int version, DateTimeOffset now,
        IReadOnlyList<VerificationKey> rootKeys, IReadOnlyDictionary<string, VerificationKey> online, VerificationKey? verifier, IEnumerable<ISigner> holders)
    {
        var targets = verifier is null ? [online[RoleName.Targets]] : new[] { online[RoleName.Targets], verifier };
        var root = new RootDocument
        {
            Version = version,
            Expires = Timestamp.Truncate(now + RootLifetime),
            Keys = rootKeys.Concat(online.Where(o => o.Key is not (OnlineKeys.ManifestRole or OnlineKeys.LogRole)).Select(o => o.Value)).Concat(targets).DistinctBy(k => k.KeyId).ToDictionary(k => k.KeyId, StringComparer.Ordinal),
            Roles = new Dictionary<string, RoleKeys>(StringComparer.Ordinal)
            {
                [RoleName.Root] = new([.. rootKeys.Select(k => k.KeyId)], Threshold),
                [RoleName.Targets] = new([.. targets.Select(k => k.KeyId)], targets.Length),
                [RoleName.Snapshot] = new([online[RoleName.Snapshot].KeyId], 1),
                [RoleName.Timestamp] = new([online[RoleName.Timestamp].KeyId], 1),
            },
            Deployment = deployment,
            List = list,
            ManifestKey = online[OnlineKeys.ManifestRole],
            LogKey = online.GetValueOrDefault(OnlineKeys.LogRole),
        };
        return Sign(root.ToJson(), holders);
    }

    /// <summary>Signs any document of the root holders, such as the agency register.</summary>
    public static byte[] Sign(JsonObject signed, IEnumerable<ISigner> holders)
    {
        var canonical = CanonicalJson.Encode(signed);
        return SignedDocument.Compose(signed, holders.Select(holder =>
            new DocumentSignature(holder.Key.KeyId, holder.Sign(canonical, DSASignatureFormat.Rfc3279DerSequence))));
    }
}
