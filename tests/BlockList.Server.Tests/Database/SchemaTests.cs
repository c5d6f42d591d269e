using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>What the code takes for the schema is the schema. Migrations are SQL, so nothing else compares the two.</summary>
public sealed class SchemaTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly IModel Model = MappedModel.Read();

    /// <summary>Schema and name of each mapped table and view.</summary>
    public static TheoryData<string, string> Relations => [.. Model.GetEntityTypes().Select(MappedModel.RelationOf)];

    /// <summary>Rows of the audit log come from its function alone.</summary>
    public static TheoryData<string, string> WrittenRelations => [.. Model.GetEntityTypes().Select(MappedModel.RelationOf).Where(relation => relation != ("oversight", "audit"))];

    [Theory]
    [MemberData(nameof(Relations))]
    public async Task Mapped_columns_are_those_of_the_database(string schema, string name)
    {
        var entity = EntityOf(schema, name);
        var isView = entity.GetViewName() is not null;
        var live = await ColumnsAsync(schema, name);

        Assert.Equal(isView ? 'v' : 'r', await database.ScalarAsync<char>("select relkind from pg_class where oid = to_regclass($1)", $"{schema}.{name}"));
        // A view's columns never say that they are not null.
        var differences = entity.GetProperties().Select(property => (Column: property.GetColumnName(), Type: property.GetColumnType(), Null: property.IsNullable))
            .Where(mapped => !live.TryGetValue(mapped.Column, out var found) || found.Type != mapped.Type || (!isView && found.Null != mapped.Null))
            .Select(mapped => $"{mapped.Column} is {(live.TryGetValue(mapped.Column, out var found) ? Print(found) : "not there")} and mapped as {Print((mapped.Type, mapped.Null))}");
        Assert.Equal("", string.Join(Environment.NewLine, differences));
    }

    [Theory]
    [MemberData(nameof(Relations))]
    public async Task Mapped_key_is_the_primary_key(string schema, string name)
    {
        var live = await database.ScalarAsync<string[]>("""
            select array_agg(attname::text order by array_position(conkey, attnum)) from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any (conkey)
            where conrelid = to_regclass($1) and contype = 'p'
            """, $"{schema}.{name}");

        Assert.Equal(live, EntityOf(schema, name).FindPrimaryKey()?.Properties.Select(property => property.GetColumnName()));
    }

    [Theory]
    [MemberData(nameof(WrittenRelations))]
    public async Task Column_that_nobody_maps_needs_no_value(string schema, string name)
    {
        var mapped = EntityOf(schema, name).GetProperties().Select(property => property.GetColumnName()).ToArray();

        Assert.Null(await database.ScalarAsync<string>("""
            select string_agg(attname::text, ' ') from pg_attribute
            where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attnotnull and not atthasdef and attidentity = '' and attname <> all ($2)
            """, $"{schema}.{name}", mapped));
    }

    private async Task<Dictionary<string, (string Type, bool Null)>> ColumnsAsync(string schema, string name)
    {
        await using var command = database.Superuser.CreateCommand(
            "select attname::text, format_type(atttypid, atttypmod), not attnotnull from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped");
        command.Parameters.AddWithValue($"{schema}.{name}");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var columns = new Dictionary<string, (string, bool)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) columns.Add(reader.GetString(0), (reader.GetString(1), reader.GetBoolean(2)));
        return columns;
    }

    private static string Print((string Type, bool Null) column) => $"{column.Type}{(column.Null ? "" : " not null")}";

    private static IEntityType EntityOf(string schema, string name) => Model.GetEntityTypes().Single(entity => MappedModel.RelationOf(entity) == (schema, name));
}
