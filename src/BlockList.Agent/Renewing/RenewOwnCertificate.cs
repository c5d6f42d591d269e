using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using BlockList.Agent.Configuration;
using BlockList.Agent.Enrolment;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format.Enrolment;

namespace BlockList.Agent.Renewing;

/// <summary>Gets the next certificate, with a new key, when a third of this one's life is left. Nothing here ends a run: what goes wrong is
/// said and tried again, and the certificate in use stays in use until the new one worked.</summary>
internal sealed class RenewOwnCertificate(AgentConfiguration configuration, TimeProvider time, AgentOutput output, Patience patience)
{
    private const int Part = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromSeconds(2);

    private readonly string state = configuration.StateDirectory;
    private readonly RenewalAttempts attempts = new(configuration.StateDirectory, time);

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            using var identity = ClientIdentity.Load(configuration.Server);
            if (!IsDue(identity.Certificate) || !attempts.IsDue) return;
            await TryAsync(identity.Certificate, ct);
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.WarnAsync($"the certificate could not be renewed: {failure.Message} It is tried again by itself; the one in use stays in use.");
        }
    }

    /// <summary>Not after its end: then nobody takes its word any more, and a code is needed.</summary>
    private bool IsDue(X509Certificate2 certificate)
    {
        var (from, to, now) = ((DateTimeOffset)certificate.NotBefore, (DateTimeOffset)certificate.NotAfter, time.GetUtcNow());
        return now < to && to - now <= (to - from) / Part;
    }

    private async Task TryAsync(X509Certificate2 current, CancellationToken ct)
    {
        var file = RenewalFiles.KeyOf(state);
        try
        {
            using var key = OpenNext(file, current);
            if (await AskAsync(current, key, ct) is not { } pem)
            {
                attempts.Fail();
                await output.WarnAsync("a new certificate was asked for and is not made yet; it is asked for again by itself. If this stays so, tell the operator (role issuer).");
                return;
            }
            var whoAmI = await new AdoptCertificate(configuration, patience).RunAsync(pem, key.Pem, ct);
            DurableFile.Delete(file);
            attempts.Forget();
            await output.Results.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"the certificate was renewed with a new key; it ends in {whoAmI.CertificateDaysLeft} days"));
        }
        catch (Exception problem) when (Failure.Of(problem) is not null)
        {
            attempts.Fail();
            // What was refused for this key stays refused for it; the next try has another.
            if (problem is ServerException { Status: HttpStatusCode.Conflict }) DurableFile.Delete(file);
            throw;
        }
    }

    /// <summary>A run that was killed between the swap and its end leaves the key that is in use now; it gets no second certificate.</summary>
    private static CertificateKey OpenNext(string file, X509Certificate2 current)
    {
        var key = CertificateKey.OpenOrCreate(file);
        if (!key.IsOf(current)) return key;
        key.Dispose();
        DurableFile.Delete(file);
        return CertificateKey.OpenOrCreate(file);
    }

    private async Task<byte[]?> AskAsync(X509Certificate2 current, CertificateKey key, CancellationToken ct)
    {
        var csr = key.Request();
        var request = new JsonObject { ["csr"] = Convert.ToBase64String(csr), ["signature"] = Convert.ToBase64String(Sign(current, RenewalStatement.BytesToSign(csr))) };
        using var server = new ServerConnection(configuration.Server, patience);
        var began = time.GetTimestamp();
        while (true)
        {
            if (await server.PostForFileAsync("v1/certificate/renew", request, ObtainCertificate.LongestCertificate, ct) is { } pem) return pem;
            if (time.GetElapsedTime(began) >= Longest) return null;
            await Task.Delay(Pause, time, ct);
        }
    }

    private static byte[] Sign(X509Certificate2 current, byte[] bytes)
    {
        using var ecdsa = current.GetECDsaPrivateKey();
        if (ecdsa is not null) return ecdsa.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        using var rsa = current.GetRSAPrivateKey();
        return rsa?.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? throw new ConfigurationException("the key of the certificate is neither ECDSA nor RSA. Ask the operator for a code, and enrol with --renew.");
    }
}
