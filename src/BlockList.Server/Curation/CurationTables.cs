using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<Episode> Episodes => Set<Episode>();

    public DbSet<Decision> Decisions => Set<Decision>();

    public DbSet<StoredAssertion> Assertions => Set<StoredAssertion>();

    public DbSet<Import> Imports => Set<Import>();

    public DbSet<Draft> Drafts => Set<Draft>();

    public DbSet<ImportFinding> ImportFindings => Set<ImportFinding>();

    public DbSet<Claim> Claims => Set<Claim>();

    public DbSet<Conflict> Conflicts => Set<Conflict>();

    static partial void MapCuration(ModelBuilder model)
    {
        model.Entity<Episode>().ToTable("episode", "curation");
        model.Entity<StoredAssertion>().ToTable("assertion", "curation");
        model.Entity<Import>().ToTable("import", "curation");
        model.Entity<Decision>(decision =>
        {
            decision.ToTable("decision", "curation");
            decision.Property(d => d.Position).ValueGeneratedOnAdd();
            decision.Property(d => d.StatementSha256).ValueGeneratedOnAddOrUpdate();
        });
        model.Entity<ImportFinding>().ToTable("import_finding", "curation").HasKey(f => new { f.ImportId, f.Kind, f.Number });
        model.Entity<Claim>(claim =>
        {
            claim.ToTable("claim", "curation");
            claim.HasKey(c => new { c.EpisodeId, c.Agency });
        });
        model.Entity<Conflict>(conflict =>
        {
            conflict.ToTable("conflict", "curation");
            conflict.HasKey(c => new { c.Person, c.SubjectId });
        });
        model.Entity<Draft>(draft =>
        {
            draft.ToTable("draft", "curation");
            draft.Property(d => d.Verdicts).HasColumnType("jsonb");
            draft.HasKey(d => new { d.ImportId, d.Line });
        });
    }
}
