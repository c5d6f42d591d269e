using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;
using Npgsql;

namespace BlockList.Server.Providers.Enrolling;

/// <summary>Asks for the certificate that takes over from one that is valid now. To ask again is to ask what became of it.</summary>
internal sealed class RenewCertificate(NpgsqlDataSource database)
{
    /// <param name="from">The certificate that whoever asks has.</param>
    /// <param name="key">The request, checked.</param>
    /// <param name="signature">By the key of <paramref name="from"/>; the issuer checks it.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<RequestAnswer> RunAsync(X509Certificate2 from, CertifiableKey key, byte[] signature, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select outcome, certificate, refusal from providers.request_renewal($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(ClientCertificate.Sha256(from));
        command.Parameters.AddWithValue(from.RawData);
        command.Parameters.AddWithValue(key.Der);
        command.Parameters.AddWithValue(key.Sha256);
        command.Parameters.AddWithValue(signature);
        return await RequestAnswer.ReadAsync(command, cancellationToken);
    }
}
