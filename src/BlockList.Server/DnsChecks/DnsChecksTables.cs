using BlockList.Server.DnsChecks;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<Proof> Proofs => Set<Proof>();

    public DbSet<ProofAnswer> ProofAnswers => Set<ProofAnswer>();

    static partial void MapDnsChecks(ModelBuilder model)
    {
        model.Entity<Proof>(proof =>
        {
            proof.ToTable("proof", "dnschecks");
            // The database says when it was asked for and how long it is looked for.
            proof.Property(p => p.AskedAt).ValueGeneratedOnAdd();
            proof.Property(p => p.ExpiresAt).ValueGeneratedOnAdd();
            proof.Property(p => p.NextCheckAt).ValueGeneratedOnAdd();
            proof.Property(p => p.ChecksMade).ValueGeneratedOnAdd();
            proof.Property(p => p.ProvenAt).ValueGeneratedOnAdd();
        });
        model.Entity<ProofAnswer>(answer =>
        {
            answer.ToTable("proof_answer", "dnschecks");
            answer.Property(a => a.Servers).HasColumnType("jsonb");
        });
    }
}
