using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format.Json;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Trust;

/// <summary>Learns which authorities the server's certificate may come from, out of <c>trust.json</c>, which the list's own keys vouch for. They are
/// accepted beside those of the configuration, so that one can follow another without anybody's hand at a provider.</summary>
internal sealed class FollowServerCa(ListState state, ServerConnection server, TimeProvider time)
{
    private const string FileName = "trust.json";
    private const long Longest = 64 * 1024;
    private const int MostAuthorities = 8;

    /// <exception cref="RefusedException">The file is not the one that metadata names, or holds something else than authorities.</exception>
    /// <exception cref="ServerException">The server did not give it.</exception>
    public async Task RunAsync(TrustedList wanted, CancellationToken ct)
    {
        // Written under the hash of what it came from: a version that says nothing new costs no request.
        if (!wanted.Files.TryGetValue(FileName, out var file) || state.ReadServerCaSource() == file.Sha256) return;
        if (file.Length > Longest) throw new RefusedException(RefusalReason.Malformed, $"{FileName} is said to have {file.Length} bytes, more than it may have");
        var bytes = await server.GetFileAsync($"v1/{state.List}/targets/{file.LocationOf(FileName)}", file.Length, ct);
        if (!file.Matches(bytes)) throw new RefusedException(RefusalReason.Hash, $"{FileName} has not the length and hash that targets names");
        state.WriteServerCa(file.Sha256, Authorities(bytes));
    }

    /// <summary>Those that are in date. At least one must be: an agent never takes an empty answer for a change.</summary>
    private string Authorities(byte[] bytes)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(CanonicalJson.Parse(bytes).GetProperty("server_ca").GetString());
        }
        catch (Exception problem) when (problem is FormatException or KeyNotFoundException or InvalidOperationException or CryptographicException)
        {
            throw new RefusedException(RefusalReason.Malformed, $"{FileName} says no authority of the server in \"server_ca\"", problem);
        }
        var now = time.GetUtcNow();
        var good = found.Where(certificate => certificate.NotAfter > now && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)).ToArray();
        if (good.Length is 0 or > MostAuthorities) throw new RefusedException(RefusalReason.Malformed, $"{FileName} has {good.Length} authorities that are in date, where 1 to {MostAuthorities} belong");
        var pem = new StringBuilder();
        foreach (var certificate in good) pem.Append(certificate.ExportCertificatePem()).Append('\n');
        return pem.ToString();
    }
}
