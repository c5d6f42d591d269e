using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format.Enrolment;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Enrolment;

/// <summary>Turns a code into a certificate for a key that is made here. Each step can be repeated: the same code and the same key get the
/// same certificate.</summary>
internal sealed class ObtainCertificate(TimeProvider time, AgentOutput output, Patience patience)
{
    /// <summary>Bytes of a certificate in PEM; the largest key makes some 3,000.</summary>
    public const int LongestCertificate = 16 * 1024;

    /// <summary>The issuer answers within seconds while it runs.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5), Pause = TimeSpan.FromSeconds(2);

    /// <summary>Returns files with the certificate and its key.</summary>
    /// <param name="bundle">Says where to ask.</param>
    /// <param name="code">Of one use, for one key.</param>
    /// <param name="stateDirectory">Keeps the key until it is in its place.</param>
    /// <param name="earlierKey">The key of an enrolment that came to its end, which the same command is given for again; null for a new one.</param>
    /// <param name="ct">Whatever it interrupts, the next run goes on.</param>
    /// <exception cref="ConfigurationException">The bundle says of no enrolment server.</exception>
    /// <exception cref="ServerException">It could not be asked, refused, or the certificate is not made yet.</exception>
    public async Task<(string Certificate, string Key)> RunAsync(Bundle bundle, EnrolmentCode code, string stateDirectory, string? earlierKey, CancellationToken ct)
    {
        if (bundle.Enrolment is not { } address)
            throw new ConfigurationException("bundle.ini says no address of enrolment (enrolment = https://…), so no code can be used. Take the bundle from the operator again.");
        DurableFile.CreateDirectory(stateDirectory);
        var (certificateFile, keyFile) = (RenewalFiles.CertificateOf(stateDirectory, code.Handle), RenewalFiles.KeyOf(stateDirectory, code.Handle));
        if (!File.Exists(keyFile) && File.Exists(earlierKey)) keyFile = earlierKey;
        await output.Progress.WriteLineAsync(File.Exists(keyFile) ? $"going on with the key {keyFile}" : "making a key; it stays on this machine");
        using var key = CertificateKey.OpenOrCreate(keyFile);
        using var server = new ServerConnection(new EnrolmentServer(address, bundle.PathOf(Bundle.AuthorityFile), bundle.EnrolmentSha256), patience);
        DurableFile.Write(certificateFile, await AskAsync(server, code, key, ct), DurableFile.Shared);
        return (certificateFile, keyFile);
    }

    private async Task<byte[]> AskAsync(ServerConnection server, EnrolmentCode code, CertificateKey key, CancellationToken ct)
    {
        await output.Progress.WriteLineAsync($"asking {server.Address.Authority} for a certificate…");
        var request = new JsonObject
        {
            ["handle"] = code.Handle,
            ["proof"] = Convert.ToHexStringLower(code.ProofFor(key.SubjectPublicKeyInfo)),
            ["csr"] = Convert.ToBase64String(key.Request()),
        };
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < Longest)
        {
            if (await server.PostForFileAsync("enrol", request, LongestCertificate, ct) is { } pem)
            {
                RequireOurs(pem, key, server);
                await output.Progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"the certificate is here, after {time.GetElapsedTime(began).TotalSeconds:0} s"));
                return pem;
            }
            await output.Progress.WriteLineAsync("the certificate is being made…");
            await Task.Delay(Pause, time, ct);
        }
        throw new ServerException($"{server.Address.Authority} took the request, but the certificate is not made yet. Run the command again later: it goes on with the key that it made. Tell the operator if it stays so (role issuer).");
    }

    private static void RequireOurs(byte[] pem, CertificateKey key, ServerConnection server)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(pem));
            if (key.IsOf(certificate)) return;
        }
        catch (CryptographicException)
        {
            // Said below.
        }
        throw new RefusedException(RefusalReason.Foreign, $"{server.Address.Authority} sent something else than a certificate for the key that was made here");
    }
}
