using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Providers;

internal abstract record RevokeCertificateRequest
{
    private RevokeCertificateRequest()
    {
    }

    internal sealed record One(string Sha256) : RevokeCertificateRequest;

    /// <param name="Provider">Name or id.</param>
    internal sealed record AllOf(string Provider) : RevokeCertificateRequest;
}

/// <summary>Ends what a certificate may do, at once and on connections that are open, with everything that was renewed from it.</summary>
internal sealed class RevokeCertificate(IDbContextFactory<BlockListDb> databases, TimeProvider time)
{
    public async Task<RevokeCertificateOutcome> RunAsync(RevokeCertificateRequest request, string actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<ProviderCertificate> meant;
        Guid provider;
        switch (request)
        {
            case RevokeCertificateRequest.One one:
                var sha256 = one.Sha256.ToLowerInvariant();
                meant = db.ProviderCertificates.Where(c => c.Sha256 == sha256);
                if (await meant.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } certificate) return new RevokeCertificateOutcome.NoSuchCertificate();
                provider = certificate.ProviderId;
                break;
            case RevokeCertificateRequest.AllOf all:
                if (await db.FindProviderAsync(all.Provider, cancellationToken) is not { } found) return new RevokeCertificateOutcome.NoSuchProvider();
                provider = found.Id;
                meant = db.ProviderCertificates.Where(c => c.ProviderId == provider);
                break;
            default:
                throw new ArgumentException("no such request", nameof(request));
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var valid = await meant.Where(c => c.RevokedAt == null).Select(c => c.Sha256).ToArrayAsync(cancellationToken);
        DateTimeOffset? now = time.GetUtcNow();
        var revoked = await db.ProviderCertificates.Where(c => valid.Contains(c.Sha256) && c.RevokedAt == null)
            .ExecuteUpdateAsync(change => change.SetProperty(c => c.RevokedAt, now), cancellationToken);
        if (revoked == 0) return new RevokeCertificateOutcome.NothingToRevoke();
        var detail = new JsonObject { ["certificates"] = new JsonArray([.. valid.Select(v => (JsonNode)v)]) };
        await db.CommitWithAuditAsync(transaction, actor, "certificate.revoke", provider.ToString(), detail, cancellationToken);
        return new RevokeCertificateOutcome.Revoked(revoked);
    }
}

internal abstract record RevokeCertificateOutcome
{
    private RevokeCertificateOutcome()
    {
    }

    internal sealed record Revoked(int Certificates) : RevokeCertificateOutcome;

    internal sealed record NothingToRevoke : RevokeCertificateOutcome;

    internal sealed record NoSuchCertificate : RevokeCertificateOutcome;

    internal sealed record NoSuchProvider : RevokeCertificateOutcome;
}
