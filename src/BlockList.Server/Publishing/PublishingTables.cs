using BlockList.Server.Publishing;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<PublishedFile> PublishedFiles => Set<PublishedFile>();

    public DbSet<ListHead> Heads => Set<ListHead>();

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
        model.Entity<PublishedVersion>(version =>
        {
            version.ToTable("version", "publishing");
            version.HasKey(v => new { v.List, v.Serial });
            version.Property(v => v.Parameters).HasColumnType("jsonb");
        });
        model.Entity<PublishedEntry>().ToView("published_entry", "publishing").HasNoKey();
    }
}
