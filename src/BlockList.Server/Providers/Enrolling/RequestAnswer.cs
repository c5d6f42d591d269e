using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace BlockList.Server.Providers.Enrolling;

/// <summary>What the database says to a request for a certificate.</summary>
/// <param name="Outcome">The word that the function returned.</param>
/// <param name="Certificate">DER, where it is made.</param>
/// <param name="Refusal">A sentence, where the issuer refused.</param>
internal sealed record RequestAnswer(string Outcome, byte[]? Certificate, string? Refusal)
{
    public const string Waiting = "waiting", Issued = "issued", Refused = "refused";

    /// <summary>The certificate for a program that reads PEM.</summary>
    public string Pem
    {
        get
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Certificate!);
            return certificate.ExportCertificatePem() + "\n";
        }
    }

    public static async Task<RequestAnswer> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new RequestAnswer(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1), reader.IsDBNull(2) ? null : reader.GetString(2));
    }
}
