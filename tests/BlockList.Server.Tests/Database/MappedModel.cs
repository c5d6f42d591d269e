using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace BlockList.Server.Tests.Database;

/// <summary>What the code takes for the schema.</summary>
internal static class MappedModel
{
    public static IModel Read()
    {
        // Building the model asks no database.
        using var db = MigratedDatabase.Contexts("Host=/nowhere").CreateDbContext();
        return db.Model;
    }

    /// <summary>The table or view of an entity.</summary>
    public static (string Schema, string Name) RelationOf(IReadOnlyEntityType entity) =>
        entity.GetViewName() is { } view ? (entity.GetViewSchema() ?? "", view) : (entity.GetSchema() ?? "", entity.GetTableName()!);
}
