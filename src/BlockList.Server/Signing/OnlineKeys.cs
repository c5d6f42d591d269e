using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Tuf;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Signing;

/// <summary>Opens each key when it is first needed and keeps it until a root names another. One that could not be opened is tried again
/// the next time.</summary>
internal sealed class OnlineKeys(IOptions<SigningOptions> options) : IDisposable
{
    public const string ManifestRole = "manifest";
    public const string LogRole = "log";
    public static readonly string[] Roles = [RoleName.Targets, RoleName.Snapshot, RoleName.Timestamp, ManifestRole, LogRole];

    private readonly Dictionary<(string List, string Role), FileSigner> opened = [];
    private readonly Dictionary<string, (string KeyId, X509Certificate2 Certificate)> certificates = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>The keys of a list that a root names.</summary>
    public ListKeys Of(string list, RootDocument root) => new(root, role => Open(list, role, root), () => OpenCertificate(list, root));

    public static string PathOf(string directory, string list, string role) => Path.Combine(directory, list, role + ".p8");

    public static string CertificatePathOf(string directory, string list) => Path.Combine(directory, list, ManifestRole + ".pem");

    private FileSigner Open(string list, string role, RootDocument root)
    {
        lock (gate)
        {
            if (opened.TryGetValue((list, role), out var known) && IsNamed(known, role, root)) return known;
            var path = PathOf(options.Value.Directory, list, role);
            var signer = FileSigner.Open(path, Passphrase());
            if (!IsNamed(signer, role, root))
            {
                signer.Dispose();
                throw new SigningException($"The {role} key of list {list}, {path}, is not named by its root {root.Version}. Put the key back that the root names, or take the root of the rotation (blocklist publisher root).");
            }
            // A run under way may still sign with the old one, so it is left to it.
            return opened[(list, role)] = signer;
        }
    }

    private static bool IsNamed(FileSigner signer, string role, RootDocument root) => role switch
    {
        ManifestRole => root.ManifestKey.KeyId == signer.Key.KeyId,
        LogRole => root.LogKey?.KeyId == signer.Key.KeyId,
        _ => root.Roles[role].KeyIds.Contains(signer.Key.KeyId),
    };

    private X509Certificate2 OpenCertificate(string list, RootDocument root)
    {
        lock (gate)
        {
            // It comes with its key.
            if (certificates.TryGetValue(list, out var known) && known.KeyId == root.ManifestKey.KeyId) return known.Certificate;
            var path = CertificatePathOf(options.Value.Directory, list);
            try
            {
                return (certificates[list] = (root.ManifestKey.KeyId, X509CertificateLoader.LoadCertificateFromFile(path))).Certificate;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new SigningException($"The certificate of the manifest key of list {list}, {path}, cannot be read: {problem.Message} Put it back, or make another for the same key.", problem);
            }
        }
    }

    private string Passphrase()
    {
        var path = options.Value.PassphraseFile;
        try
        {
            return File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The passphrase of the online keys, {path}, cannot be read: {problem.Message} Put the file of [Signing] PassphraseFile back, readable by this role.", problem);
        }
    }

    public void Dispose()
    {
        foreach (var signer in opened.Values) signer.Dispose();
        foreach (var (_, certificate) in certificates.Values) certificate.Dispose();
    }
}
