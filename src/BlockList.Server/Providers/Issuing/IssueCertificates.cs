using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Enrolment;
using BlockList.Server.Providers.Enrolling;
using Npgsql;

namespace BlockList.Server.Providers.Issuing;

/// <summary>Answers each open request: a certificate, or why there is none. The certificate and its rows are committed together; one that
/// the database does not take is thrown away, and nobody has seen it.</summary>
internal sealed partial class IssueCertificates(NpgsqlDataSource database, IssuingAuthority authority, TimeProvider time, ILogger<IssueCertificates> logger)
{
    private const int AtOnce = 100;

    /// <summary>How many were answered.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var answered = 0;
        foreach (var request in await OpenAsync(cancellationToken))
        {
            try
            {
                if (Objection(request, out var key) is { } refusal) await RefuseAsync(request, refusal, cancellationToken);
                else await IssueAsync(request, key!.Key, cancellationToken);
                answered++;
            }
            catch (Exception problem) when (problem is CryptographicException or PostgresException { IsTransient: false })
            {
                // It stays open and is tried again with the next look; those behind it do not wait for that.
                Log.Failed(logger, problem, request.Id, request.ProviderId);
            }
        }
        return answered;
    }

    /// <summary>Why a request gets no certificate, or null. Whoever took it looked as well; this role takes nobody's word.</summary>
    private static string? Objection(OpenRequest request, out CertifiableKey? key)
    {
        key = CertifiableKey.Read(request.Csr, out var problem);
        if (key is null) return problem;
        if (!key.Sha256.AsSpan().SequenceEqual(request.KeySha256)) return "The request is for another key than the one it was proven for.";
        return request.Renewed is { } renewed && !IsSignedBy(renewed, request) ? "The request is not signed by the key of the certificate that it is to take over from." : null;
    }

    private static bool IsSignedBy(byte[] certificate, OpenRequest request)
    {
        try
        {
            using var origin = X509CertificateLoader.LoadCertificate(certificate);
            var (signed, signature) = (RenewalStatement.BytesToSign(request.Csr), request.Signature ?? []);
            using var ecdsa = origin.GetECDsaPublicKey();
            if (ecdsa is not null) return ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            using var rsa = origin.GetRSAPublicKey();
            return rsa?.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) == true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private async Task<List<OpenRequest>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id, provider_id, csr, key_sha256, renewed, signature from providers.open_requests($1)");
        command.Parameters.AddWithValue(AtOnce);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var open = new List<OpenRequest>();
        while (await reader.ReadAsync(cancellationToken))
            open.Add(new OpenRequest(reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3), BytesOf(reader, 4), BytesOf(reader, 5)));
        return open;
    }

    private static byte[]? BytesOf(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    private async Task IssueAsync(OpenRequest request, PublicKey key, CancellationToken cancellationToken)
    {
        using var certificate = authority.Issue(request.ProviderId, key, time.GetUtcNow());
        await using var command = database.CreateCommand("select providers.record_certificate($1, $2, $3, $4)");
        command.Parameters.AddWithValue(request.Id);
        command.Parameters.AddWithValue(certificate.RawData);
        command.Parameters.AddWithValue(certificate.NotBefore.ToUniversalTime());
        command.Parameters.AddWithValue(certificate.NotAfter.ToUniversalTime());
        var outcome = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        Log.Answered(logger, request.Id, request.ProviderId, outcome);
    }

    private async Task RefuseAsync(OpenRequest request, string refusal, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select providers.refuse_request($1, $2)");
        command.Parameters.AddWithValue(request.Id);
        command.Parameters.AddWithValue(refusal);
        await command.ExecuteScalarAsync(cancellationToken);
        Log.Refused(logger, request.Id, request.ProviderId, refusal);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Request {Request} of provider {Provider}: {Outcome}.")]
        public static partial void Answered(ILogger logger, Guid request, Guid provider, string outcome);

        [LoggerMessage(LogLevel.Error, "Request {Request} of provider {Provider} could not be answered.")]
        public static partial void Failed(ILogger logger, Exception problem, Guid request, Guid provider);

        [LoggerMessage(LogLevel.Warning, "Request {Request} of provider {Provider} is refused: {Reason}")]
        public static partial void Refused(ILogger logger, Guid request, Guid provider, string reason);
    }
}
