using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using BlockList.Server.Data;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Providers.Enrolling;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Providers;

/// <param name="Provider">Name or id.</param>
/// <param name="Pem">The certificate, alone.</param>
/// <param name="RenewedFrom">SHA-256 of the certificate that this one takes over from: revoking that one revokes this.</param>
internal sealed record EnrolCertificateRequest(string Provider, string Pem, string? RenewedFrom = null);

/// <summary>Lets a certificate in. Who signed it is checked by the listener; that somebody enrolled it is what counts.</summary>
internal sealed class EnrolCertificate(IDbContextFactory<BlockListDb> databases, TimeProvider time)
{
    public async Task<EnrolCertificateOutcome> RunAsync(EnrolCertificateRequest request, string actor, CancellationToken cancellationToken)
    {
        // Before it is parsed: whoever sent a key has to make a new one, whatever else is in the file.
        if (request.Pem.Contains("PRIVATE KEY", StringComparison.Ordinal)) return new EnrolCertificateOutcome.HoldsPrivateKey();
        using var certificate = Parse(request.Pem);
        if (certificate is null) return new EnrolCertificateOutcome.NotOneCertificate();
        if (ClientCertificate.IsAuthority(certificate)) return new EnrolCertificateOutcome.IsAuthority();
        if (!ClientCertificate.IsForClientAuthentication(certificate)) return new EnrolCertificateOutcome.NotForClients();
        DateTimeOffset notBefore = certificate.NotBefore.ToUniversalTime(), notAfter = certificate.NotAfter.ToUniversalTime();
        var now = time.GetUtcNow();
        if (notAfter < now) return new EnrolCertificateOutcome.Expired(notAfter);

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.FindProviderAsync(request.Provider, cancellationToken) is not { } provider) return new EnrolCertificateOutcome.NoSuchProvider();
        if (request.RenewedFrom is { } origin
            && !await db.ProviderCertificates.AnyAsync(c => c.Sha256 == origin && c.ProviderId == provider.Id && c.RevokedAt == null, cancellationToken))
            return new EnrolCertificateOutcome.NoSuchOrigin();

        var sha256 = ClientCertificate.Sha256(certificate);
        if (await db.ProviderCertificates.AnyAsync(c => c.Sha256 == sha256, cancellationToken)) return new EnrolCertificateOutcome.AlreadyEnrolled(sha256);

        // Whoever asked for a weak key decided so by hand; one that is used already would be revoked with neither or both.
        var keySha256 = SHA256.HashData(CertifiableKey.Spki(certificate.PublicKey) ?? certificate.PublicKey.ExportSubjectPublicKeyInfo());
        if (await db.ProviderCertificates.AnyAsync(c => c.KeySha256 == keySha256, cancellationToken)) return new EnrolCertificateOutcome.KeyInUse();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(new ProviderCertificate
        {
            Sha256 = sha256,
            ProviderId = provider.Id,
            NotBefore = notBefore,
            NotAfter = notAfter,
            EnrolledAt = now,
            RenewedFrom = request.RenewedFrom,
            KeySha256 = keySha256,
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException problem) when (ProviderChange.IsDuplicate(problem)) // by someone at the same moment
        {
            return IsKey(problem) ? new EnrolCertificateOutcome.KeyInUse() : new EnrolCertificateOutcome.AlreadyEnrolled(sha256);
        }
        var detail = new JsonObject { ["certificate"] = sha256, ["renewed_from"] = request.RenewedFrom };
        await db.CommitWithAuditAsync(transaction, actor, "certificate.enrol", provider.Id.ToString(), detail, cancellationToken);
        return new EnrolCertificateOutcome.Enrolled(sha256, notAfter);
    }

    private static bool IsKey(DbUpdateException problem) => problem.InnerException is PostgresException { ConstraintName: "certificate_of_key" };

    private static X509Certificate2? Parse(string pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
        return found.Count == 1 ? found[0] : null;
    }
}

internal abstract record EnrolCertificateOutcome
{
    private EnrolCertificateOutcome()
    {
    }

    internal sealed record Enrolled(string Sha256, DateTimeOffset NotAfter) : EnrolCertificateOutcome;

    internal sealed record NoSuchProvider : EnrolCertificateOutcome;

    internal sealed record HoldsPrivateKey : EnrolCertificateOutcome;

    internal sealed record NotOneCertificate : EnrolCertificateOutcome;

    internal sealed record IsAuthority : EnrolCertificateOutcome;

    internal sealed record NotForClients : EnrolCertificateOutcome;

    internal sealed record Expired(DateTimeOffset NotAfter) : EnrolCertificateOutcome;

    internal sealed record NoSuchOrigin : EnrolCertificateOutcome;

    /// <summary>Another certificate has the same key.</summary>
    internal sealed record KeyInUse : EnrolCertificateOutcome;

    internal sealed record AlreadyEnrolled(string Sha256) : EnrolCertificateOutcome;
}
