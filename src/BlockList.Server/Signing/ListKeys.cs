using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Tuf;

namespace BlockList.Server.Signing;

/// <summary>The online keys of one list under one root, each opened when it is asked for: what the timestamp key alone signs must not
/// stand still because another key is gone.</summary>
/// <param name="root">Every key is one that it names.</param>
/// <param name="open">Opens the key of a role.</param>
/// <param name="certificate">Of the manifest key.</param>
internal sealed class ListKeys(RootDocument root, Func<string, ISigner> open, Func<X509Certificate2> certificate)
{
    public ISigner Targets => open(RoleName.Targets);

    public ISigner Manifest => open(OnlineKeys.ManifestRole);

    public X509Certificate2 ManifestCertificate => certificate();

    /// <summary>Signs the log's checkpoints; null where the root names no such key. An installation of before there was a log has none.</summary>
    public ISigner? Log => root.LogKey is null ? null : open(OnlineKeys.LogRole);

    /// <exception cref="SigningException">The key is missing, cannot be opened, or is not the one that the root names.</exception>
    public ISigner Of(string role) => role is RoleName.Targets or RoleName.Snapshot or RoleName.Timestamp
        ? open(role)
        : throw new ArgumentOutOfRangeException(nameof(role), role, "no online key signs for this role");

    /// <summary>For what needs all of them: nothing is begun that the last one would end.</summary>
    /// <exception cref="SigningException">As for one.</exception>
    public ListKeys RequireAll()
    {
        foreach (var role in new[] { RoleName.Targets, RoleName.Snapshot, RoleName.Timestamp }) _ = Of(role);
        _ = (Manifest, Log, ManifestCertificate);
        return this;
    }
}
