using System.Globalization;
using System.Text;
using Npgsql;

namespace BlockList.Server.Publishing.Alarms;

/// <summary><c>GET /metrics</c> beside the publisher's health, in the text format of Prometheus: what of each list is published,
/// how old it is, what is held, which alarms stand. No name of a list's content.</summary>
internal static class PublisherMetrics
{
    private const string Query = """
        select 'blocklist_list_version', 'Newest published version.', 'list', h.list, h.serial::float8 from publishing.head h
        union all select 'blocklist_list_entries', 'Entries of the newest version.', 'list', v.list, v.count from publishing.version v join publishing.head h on h.list = v.list and h.serial = v.serial
        union all select 'blocklist_list_published_timestamp_seconds', 'When the newest version was published.', 'list', v.list, extract(epoch from v.published_at) from publishing.version v join publishing.head h on h.list = v.list and h.serial = v.serial
        union all select 'blocklist_timestamp_signed_timestamp_seconds', 'When timestamp.json was signed last.', 'list', h.list, extract(epoch from h.timestamp_signed_at) from publishing.head h
        union all select 'blocklist_targets_signed_timestamp_seconds', 'When targets.json was signed last.', 'list', h.list, extract(epoch from h.targets_signed_at) from publishing.head h
        union all select 'blocklist_held_versions', 'Changes that wait for a person.', 'list', h.list, (select count(*) from publishing.held w where w.list = h.list and not exists (select from publishing.held_end e where e.held_id = w.id)) from publishing.head h
        union all select 'blocklist_alarms', 'Alarms that stand.', 'kind', k.kind, (select count(*) from publishing.alarm a where a.kind = k.kind and a.cleared_at is null) from unnest(array['held', 'expiry', 'stopped', 'ledger', 'verifier', 'log', 'mail', 'complaint']) as k (kind)
        union all select 'blocklist_alarms_unacknowledged', 'Alarms that stand and nobody looks after.', 'kind', k.kind, (select count(*) from publishing.alarm a where a.kind = k.kind and a.cleared_at is null and a.acknowledged_at is null) from unnest(array['held', 'expiry', 'stopped', 'ledger', 'verifier', 'log', 'mail', 'complaint']) as k (kind)
        """;

    public static void MapMetrics(this WebApplication app) => app.MapGet("/metrics", async (NpgsqlDataSource database, CancellationToken cancellationToken) =>
    {
        try
        {
            return Results.Text(await WriteAsync(database, cancellationToken), "text/plain; version=0.0.4; charset=utf-8");
        }
        catch (NpgsqlException)
        {
            return Results.Text("the database does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    });

    private static async Task<string> WriteAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (text, last) = (new StringBuilder(), "");
        await using var command = database.CreateCommand(Query);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = reader.GetString(0);
            if (name != last) text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {reader.GetString(1)}\n# TYPE {name} gauge\n");
            last = name;
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{reader.GetString(2)}=\"{reader.GetString(3)}\"}} {reader.GetDouble(4)}\n");
        }
        return text.ToString();
    }
}
