using BlockList.Format.Names;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.DnsChecks;

/// <summary>For whom a domain is proven: an agency or a provider, by its id.</summary>
internal sealed record ProofOwner(string Kind, string Id)
{
    public const string OfAgency = "agency";
    public const string OfProvider = "provider";

    /// <summary>Somebody who complains, by the reference; asked for and read by functions of the database alone.</summary>
    public const string OfComplaint = "complaint";

    public static ProofOwner Agency(string id) => new(OfAgency, id);

    public static ProofOwner Provider(Guid id) => new(OfProvider, id.ToString());
}

/// <summary>Gives somebody a text to publish. Asked again for the same domain, they get the same text.</summary>
internal sealed class AskProof(IDbContextFactory<BlockListDb> databases, TimeProvider clock)
{
    /// <summary>Each is looked for every hour for days; nobody has so many hosts of their own to prove at one time.</summary>
    public const int MostOpen = 100;

    /// <summary>A proof that is older is asked for anew: domains change hands, and a register row rests on one of the last 30 days.</summary>
    public static readonly TimeSpan HoldsFor = TimeSpan.FromDays(30);

    /// <summary>Leaves a few days to enter it.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromDays(25);

    /// <param name="domain">Every name at or below it counts as theirs; who asks decides how much of that to believe.</param>
    /// <param name="owner">For whom.</param>
    /// <param name="actor">Id of the person who asks.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<AskProofOutcome> RunAsync(DomainName domain, ProofOwner owner, string actor, CancellationToken cancellationToken)
    {
        if (!ProofText.Fits(domain)) return new AskProofOutcome.NameTooLong();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var known = await db.Proofs.AsNoTracking().Where(p => p.OwnerKind == owner.Kind && p.Owner == owner.Id && (p.ProvenAt != null ? p.ProvenAt > now - FreshFor : p.ExpiresAt > now))
            .Where(p => p.Domain == domain.Ascii).OrderByDescending(p => p.Id).FirstOrDefaultAsync(cancellationToken);
        if (known?.ProvenAt is { } provenAt) return new AskProofOutcome.AlreadyProven(provenAt);
        if (known is not null) return Publish(known, domain);
        var open = await db.Proofs.Where(p => p.OwnerKind == owner.Kind && p.Owner == owner.Id && p.ProvenAt == null && p.ExpiresAt > now).Take(MostOpen).CountAsync(cancellationToken);
        if (open == MostOpen) return new AskProofOutcome.TooManyOpen(MostOpen);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var proof = new Proof { Id = Guid.CreateVersion7(now), Domain = domain.Ascii, OwnerKind = owner.Kind, Owner = owner.Id, Token = ProofText.NewToken(), AskedBy = actor };
        db.Add(proof);
        await db.SaveChangesAsync(cancellationToken);
        await AuditLog.AppendAsync((NpgsqlConnection)db.Database.GetDbConnection(), actor, "proof.ask", proof.Id.ToString(), new() { ["for"] = $"{owner.Kind} {owner.Id}" }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Publish(proof, domain);
    }

    private static AskProofOutcome.Publish Publish(Proof proof, DomainName domain) =>
        new(proof.Id, ProofText.NameOf(domain).Text, ProofText.ValueOf(proof.Token), proof.ExpiresAt);
}

internal abstract record AskProofOutcome
{
    private AskProofOutcome()
    {
    }

    /// <param name="Id">Of the proof.</param>
    /// <param name="Name">Where to publish a TXT record.</param>
    /// <param name="Value">Its text, exactly.</param>
    /// <param name="Until">When it is no longer looked for.</param>
    internal sealed record Publish(Guid Id, string Name, string Value, DateTimeOffset Until) : AskProofOutcome;

    internal sealed record AlreadyProven(DateTimeOffset At) : AskProofOutcome;

    internal sealed record TooManyOpen(int Most) : AskProofOutcome;

    /// <summary>No name fits below it.</summary>
    internal sealed record NameTooLong : AskProofOutcome;
}
