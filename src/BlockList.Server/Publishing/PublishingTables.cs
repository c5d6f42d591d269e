using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Resuming;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<PublishedFile> PublishedFiles => Set<PublishedFile>();

    public DbSet<ListHead> Heads => Set<ListHead>();

    public DbSet<LoggedLeaf> LogLeaves => Set<LoggedLeaf>();

    public DbSet<LoggedNode> LogNodes => Set<LoggedNode>();

    public DbSet<ResumedList> ResumedLists => Set<ResumedList>();

    public DbSet<PublishedVersion> Versions => Set<PublishedVersion>();

    public DbSet<PublishedEntry> PublishedEntries => Set<PublishedEntry>();

    static partial void MapPublishing(ModelBuilder model)
    {
        model.Entity<PublishedFile>(file =>
        {
            file.ToTable("file", "publishing");
            file.HasKey(f => new { f.List, f.Path });
        });
        model.Entity<ListHead>(head =>
        {
            head.ToTable("head", "publishing");
            head.HasKey(h => h.List);
        });
        model.Entity<LoggedLeaf>(leaf =>
        {
            leaf.ToTable("log_leaf", "publishing");
            leaf.HasKey(l => new { l.List, l.Position });
        });
        model.Entity<LoggedNode>(node =>
        {
            node.ToTable("log_node", "publishing");
            node.HasKey(n => new { n.List, n.Level, n.Index });
        });
        model.Entity<ResumedList>().ToTable("resume", "publishing");
        model.Entity<PublishedVersion>(version =>
        {
            version.ToTable("version", "publishing");
            version.HasKey(v => new { v.List, v.Serial });
            version.Property(v => v.Parameters).HasColumnType("jsonb");
        });
        model.Entity<PublishedEntry>().ToView("published_entry", "publishing").HasNoKey();
    }
}
