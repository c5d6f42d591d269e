using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Data;

/// <summary>
/// The one context over the one database. Each module declares its own sets and mappings in its <c>XTables.cs</c>;
/// what a login may really touch is decided by the grants of the migration.
/// </summary>
internal sealed partial class BlockListDb(DbContextOptions<BlockListDb> options) : DbContext(options)
{
    /// <summary>A context over a connection that somebody else opened and closes, and inside its transaction: whoever asks for a second
    /// connection while they hold one waits for the others who do.</summary>
    public static BlockListDb Over(NpgsqlConnection connection) => new(new DbContextOptionsBuilder<BlockListDb>().UseNpgsql(connection).Options);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        MapAccess(modelBuilder);
        MapOversight(modelBuilder);
        MapCriteria(modelBuilder);
        MapNames(modelBuilder);
        MapCuration(modelBuilder);
        MapPublishing(modelBuilder);
        MapProviders(modelBuilder);
        MapDistribution(modelBuilder);
        MapDnsChecks(modelBuilder);
        MapMail(modelBuilder);
        UseSnakeCase(modelBuilder);
    }

    static partial void MapAccess(ModelBuilder model);

    static partial void MapOversight(ModelBuilder model);

    static partial void MapCriteria(ModelBuilder model);

    static partial void MapNames(ModelBuilder model);

    static partial void MapCuration(ModelBuilder model);

    static partial void MapPublishing(ModelBuilder model);

    static partial void MapProviders(ModelBuilder model);

    static partial void MapDistribution(ModelBuilder model);

    static partial void MapDnsChecks(ModelBuilder model);

    static partial void MapMail(ModelBuilder model);

    /// <summary>Columns are the property's name in snake case: <c>ReceivedAt</c> is <c>received_at</c>.</summary>
    private static void UseSnakeCase(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    private static string SnakeCase(string name) => string.Concat(name.Select((c, i) =>
        char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
