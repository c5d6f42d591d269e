using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Tuf;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Signing;

/// <summary>The online keys of one list.</summary>
internal sealed record ListKeys(ISigner Targets, ISigner Snapshot, ISigner Timestamp, ISigner Manifest, X509Certificate2 ManifestCertificate)
{
    /// <summary>Signs the log's checkpoints; null where the root names no such key.</summary>
    public ISigner? Log { get; init; }

    public ISigner Of(string role) => role switch
    {
        RoleName.Targets => Targets,
        RoleName.Snapshot => Snapshot,
        RoleName.Timestamp => Timestamp,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no online key signs for this role"),
    };

    /// <summary>Whether these are the keys that a root names.</summary>
    public bool AreNamedBy(RootDocument root) => Manifest.Key.KeyId == root.ManifestKey.KeyId && Log?.Key.KeyId == root.LogKey?.KeyId
        && new[] { RoleName.Targets, RoleName.Snapshot, RoleName.Timestamp }.All(role => root.Roles[role].KeyIds.Contains(Of(role).Key.KeyId));
}

/// <summary>Opens the keys of each list when they are first needed and keeps them until a root names others.</summary>
internal sealed class OnlineKeys(IOptions<SigningOptions> options) : IDisposable
{
    public const string ManifestRole = "manifest";
    public const string LogRole = "log";
    public static readonly string[] Roles = [RoleName.Targets, RoleName.Snapshot, RoleName.Timestamp, ManifestRole, LogRole];

    private readonly Dictionary<string, ListKeys> opened = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>The keys at hand for a root. After a rotation they are read again; whether they are the right ones then,
    /// <see cref="ListKeys.AreNamedBy"/> says.</summary>
    /// <exception cref="SigningException">A key is missing or cannot be opened.</exception>
    public ListKeys Of(string list, RootDocument root)
    {
        lock (gate)
        {
            if (opened.TryGetValue(list, out var keys) && keys.AreNamedBy(root)) return keys;
            // A run under way may still sign with the old ones, so they are left to it.
            return opened[list] = Open(list, root);
        }
    }

    public static string PathOf(string directory, string list, string role) => Path.Combine(directory, list, role + ".p8");

    public static string CertificatePathOf(string directory, string list) => Path.Combine(directory, list, ManifestRole + ".pem");

    private ListKeys Open(string list, RootDocument root)
    {
        var directory = options.Value.Directory;
        string passphrase;
        X509Certificate2 certificate;
        try
        {
            passphrase = File.ReadLines(options.Value.PassphraseFile).FirstOrDefault() ?? "";
            certificate = X509CertificateLoader.LoadCertificateFromFile(CertificatePathOf(directory, list));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SigningException($"The keys of list {list} cannot be opened: {problem.Message}", problem);
        }
        // An installation of before there was a log has no key for it, and needs none until a root names one.
        var signers = Roles.Where(role => role != LogRole || root.LogKey is not null).ToDictionary(role => role, role => FileSigner.Open(PathOf(directory, list, role), passphrase), StringComparer.Ordinal);
        return new ListKeys(signers[RoleName.Targets], signers[RoleName.Snapshot], signers[RoleName.Timestamp], signers[ManifestRole], certificate)
        {
            Log = signers.GetValueOrDefault(LogRole),
        };
    }

    public void Dispose()
    {
        foreach (var keys in opened.Values)
        {
            foreach (var signer in new[] { keys.Targets, keys.Snapshot, keys.Timestamp, keys.Manifest, keys.Log }.OfType<IDisposable>()) signer.Dispose();
            keys.ManifestCertificate.Dispose();
        }
    }
}
