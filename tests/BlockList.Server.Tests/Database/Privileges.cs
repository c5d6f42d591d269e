using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>What a login may really do, asked of the database itself: grants to it, to PUBLIC and by membership count alike.</summary>
internal static class Privileges
{
    /// <summary>In the order in which they are written here.</summary>
    private static readonly string[] Order =
    [
        "CONNECT", "CREATE", "TEMPORARY", "USAGE", "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "EXECUTE",
    ];

    /// <summary>Every object that a login could be let touch, but for those of an extension, which stand in a schema that is closed to all, with one row for each login ($1) and privilege that it has.
    /// The grants on the database itself are asked of $2, since no copy of a template has them.</summary>
    private const string Query = """
        with object as (
          select n.oid as schema, n.nspname from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
        relation as (
          select c.oid, c.relkind, o.nspname::text || '.' || c.relname::text as name from pg_class c join object o on o.schema = c.relnamespace),
        held (object, kind, login, privilege, columns) as (
          select d.datname::text, 'database', l, case when has_database_privilege(l, d.oid, p) then p end, null
          from pg_database d, unnest($1) l, unnest(array['CONNECT', 'CREATE', 'TEMPORARY']) p where d.datname = $2
          union all
          select nspname::text, 'schema', l, case when has_schema_privilege(l, schema, p) then p end, null
          from object, unnest($1) l, unnest(array['USAGE', 'CREATE']) p
          union all
          select name, 'table', l, case when has_table_privilege(l, oid, p) then p end, null
          from relation, unnest($1) l, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p where relkind in ('r', 'p', 'v', 'm', 'f')
          union all
          select name, 'table', l, p, string_agg(attname::text, ', ' order by attnum)
          from relation, pg_attribute, unnest($1) l, unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
          where relkind in ('r', 'p', 'v', 'm', 'f') and attrelid = oid and attnum > 0 and not attisdropped
            and has_column_privilege(l, oid, attnum, p) and not has_table_privilege(l, oid, p)
          group by name, l, p
          union all
          select name, 'sequence', l, case when has_sequence_privilege(l, oid, p) then p end, null
          from relation, unnest($1) l, unnest(array['SELECT', 'UPDATE', 'USAGE']) p where relkind = 'S'
          union all
          select o.nspname::text || '.' || f.proname::text || '(' || pg_get_function_identity_arguments(f.oid) || ')', 'function', l, case when has_function_privilege(l, f.oid, 'EXECUTE') then 'EXECUTE' end, null
          from pg_proc f join object o on o.schema = f.pronamespace, unnest($1) l
          where not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = f.oid and deptype = 'e'))
        select kind || ' ' || case when kind = 'database' then '' else object end, login, privilege, columns from held
        """;

    /// <summary>By login and object, in the words of a GRANT: <c>curation.episode</c>: <c>select, update (closed_at)</c>. Objects
    /// that a login cannot touch have an empty text.</summary>
    public static async Task<IReadOnlyDictionary<(string Login, string Object), string>> ReadAsync(NpgsqlDataSource superuser, string database, string[] logins)
    {
        await using var command = superuser.CreateCommand(Query);
        command.Parameters.AddWithValue(logins);
        command.Parameters.AddWithValue(database);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var held = new List<(string Object, string Login, string? Privilege, string? Columns)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            held.Add((reader.GetString(0).Trim(), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        return held.GroupBy(row => (row.Login, row.Object)).ToDictionary(group => group.Key, group => string.Join(", ", group.Where(row => row.Privilege is not null)
            .OrderBy(row => Array.IndexOf(Order, row.Privilege)).Select(row => row.Privilege!.ToLowerInvariant() + (row.Columns is null ? "" : $" ({row.Columns})"))));
    }
}
