using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlockList.Server.Data;

/// <summary>A migration that is one embedded SQL file named like itself; EF keeps the history and the lock.</summary>
internal abstract class SqlMigration : Migration
{
    protected sealed override void Up(MigrationBuilder migrationBuilder)
    {
        var id = GetType().GetCustomAttribute<MigrationAttribute>()!.Id;
        using var stream = typeof(SqlMigration).Assembly.GetManifestResourceStream($"BlockList.Server.Data.Migrations.{id}.sql")
            ?? throw new InvalidOperationException($"the migration {id} has no SQL file");
        using var reader = new StreamReader(stream);
        migrationBuilder.Sql(reader.ReadToEnd());
    }
}
