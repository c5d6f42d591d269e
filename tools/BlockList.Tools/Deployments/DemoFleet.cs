using Npgsql;

namespace BlockList.Tools.Deployments;

/// <summary>Forty providers beside the real one, so that the pages of coverage have a curve: their receipts are rows, and what follows from them is
/// the database's own work, as with every receipt. Most follow within minutes; some are late, silent, held, failing or show other content.</summary>
internal static class DemoFleet
{
    private const int Providers = 40;

    private const string Register = """
        with fleet as (
          insert into providers.provider (id, name, contact) select md5('fleet ' || n)::uuid, (array['Fjord', 'Polder', 'Lagoon', 'Summit', 'Harbour', 'Meadow', 'Canal', 'Tundra'])[1 + n % 8] || ' Net ' || n, 'noc@fleet.example' from generate_series(1, @providers) n returning id)
        insert into providers.provider_list (provider_id, list) select id, list from fleet cross join unnest(array['worst-of', 'enforcement-test']) as list;
        """;

    /// <summary>For each version in turn, as receipts come: which provider says what depends on its number alone.</summary>
    private const string Receive = """
        insert into distribution.receipt (at, provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock, node, result, reason, held_additions)
        select v.published_at + make_interval(secs => case when n % 13 = 0 then 2.0 else 0.4 * n / @providers + 0.1 end * extract(epoch from clock_timestamp() - v.published_at)), md5('fleet ' || n)::uuid, repeat('0', 64), v.list, v.serial,
          case when n = 23 then repeat('f', 64) else v.list_sha256 end, case when n % 3 = 0 then 'bind' else 'unbound' end, case when n = 31 and v.serial > 1 then 'none' else 'serial' end,
          case when v.list = 'enforcement-test' and n = 17 then '{"first":"open"}'::jsonb when v.list = 'enforcement-test' then '{"first":"blocked","removed":"free"}' else '{"first":"blocked","last":"blocked"}' end,
          0, '0.4.0', clock_timestamp(), left(md5('node ' || n), 16), case when n = 31 and v.serial > 1 then 'failed' when n = 11 then 'held' else 'applied' end, case when n = 31 and v.serial > 1 then 'load' end, case when n = 11 then 200 else 0 end
        from publishing.version v cross join generate_series(1, @providers) n
        where n % 13 <> 0 and n <> 29 order by v.serial, n;
        insert into distribution.download (at, certificate_sha256, provider_id, list, path, status, refusal, bytes)
        select clock_timestamp() - case when n = 7 then interval '30 hours' else interval '5 minutes' end, repeat('0', 64), md5('fleet ' || n)::uuid, 'worst-of', 'tuf/timestamp.json', case when n = 26 then 403 else 200 end, case when n = 26 then 'certificate-expired' end, 900
        from generate_series(1, @providers) n where n <> 29;
        """;

    /// <summary>Once; a later start leaves them as they are.</summary>
    public static async Task JoinAsync(string superuser, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        await using (var known = source.CreateCommand("select exists (select from providers.provider where contact = 'noc@fleet.example')"))
            if (await known.ExecuteScalarAsync(cancellationToken) is true) return;
        foreach (var sql in (string[])[Register, Receive])
        {
            await using var command = source.CreateCommand(sql.Replace("@providers", $"{Providers}", StringComparison.Ordinal));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
