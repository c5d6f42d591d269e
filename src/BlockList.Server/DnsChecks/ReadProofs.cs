using System.Text.Json;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.DnsChecks;

/// <summary>Proofs as pages show them.</summary>
internal sealed class ReadProofs(IDbContextFactory<BlockListDb> databases)
{
    /// <summary>Of one owner, the newest first, with what the last look found.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="before">The last one of the page before, or null.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<ProofView>> OfOwnerAsync(ProofOwner owner, Guid? before, int take, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ViewAsync(db, db.Proofs.Where(p => p.OwnerKind == owner.Kind && p.Owner == owner.Id && (before == null || p.Id < before)).OrderByDescending(p => p.Id).Take(take), cancellationToken);
    }

    /// <summary>Of all providers, the newest first.</summary>
    public async Task<IReadOnlyList<ProofView>> OfProvidersAsync(Guid? before, int take, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ViewAsync(db, db.Proofs.Where(p => p.OwnerKind == ProofOwner.OfProvider && (before == null || p.Id < before)).OrderByDescending(p => p.Id).Take(take), cancellationToken);
    }

    /// <summary>What providers proved since an instant, the oldest first.</summary>
    public async Task<IReadOnlyList<ProofView>> ProvenByProvidersAsync(DateTimeOffset since, int take, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ViewAsync(db, db.Proofs.Where(p => p.OwnerKind == ProofOwner.OfProvider && p.ProvenAt > since).OrderBy(p => p.ProvenAt).Take(take), cancellationToken);
    }

    public async Task<ProofView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await ViewAsync(db, db.Proofs.Where(p => p.Id == id), cancellationToken)).SingleOrDefault();
    }

    /// <summary>Whichever agency or provider proved this name or one above it; who complains is nobody's affair here.</summary>
    public async Task<IReadOnlyList<ProofView>> ProvenAsync(IReadOnlyList<string> domains, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ViewAsync(db, db.Proofs.Where(p => p.ProvenAt != null && p.OwnerKind != ProofOwner.OfComplaint && domains.Contains(p.Domain)).OrderBy(p => p.Id), cancellationToken);
    }

    private static async Task<IReadOnlyList<ProofView>> ViewAsync(BlockListDb db, IQueryable<Proof> proofs, CancellationToken cancellationToken)
    {
        var rows = await proofs.AsNoTracking().Select(proof => new { Proof = proof, Last = db.ProofAnswers.Where(a => a.ProofId == proof.Id).OrderByDescending(a => a.Id).FirstOrDefault() }).ToArrayAsync(cancellationToken);
        return [.. rows.Select(row => new ProofView(row.Proof, row.Last is null ? null : new LastLook(row.Last.At, row.Last.Outcome, row.Last.Verdict, row.Last.Zone,
            JsonSerializer.Deserialize<ServerFinding[]>(row.Last.Servers, JsonSerializerOptions.Web) ?? [], row.Last.Problem)))];
    }
}

internal sealed record ProofView(Proof Proof, LastLook? Last)
{
    /// <summary>What to publish.</summary>
    public string Name => $"_blocklist-challenge.{Proof.Domain}";

    public string Value => ProofText.ValueOf(Proof.Token);
}

internal sealed record LastLook(DateTimeOffset At, string Outcome, string Verdict, string? Zone, IReadOnlyList<ServerFinding> Servers, string? Problem);
