using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>Providers that apply a list, with the receipts of its last versions: what pages of coverage are measured with. Written as the receipts'
/// own trigger would, all at once.</summary>
internal static class CoverageGenerator
{
    public const int Providers = 10_000;

    /// <summary>One provider in ten is a few versions late, one in fifty was away for days, and some hold back or leave out.</summary>
    private const string Fill = """
        insert into providers.provider (id, name, contact) select md5('provider ' || n)::uuid, 'Provider ' || lpad(n::text, 6, '0'), 'noc@provider.example' from generate_series(1, @providers) n;
        insert into providers.provider_list (provider_id, list) select id, 'worst-of' from providers.provider where name like 'Provider %';
        set session_replication_role = replica;
        insert into distribution.receipt (at, provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock, node)
        select v.published_at + make_interval(secs => 4 + abs(hashtext(p.id::text || v.serial)) % 900), p.id, repeat('0', 64), v.list, v.serial, v.list_sha256, 'unbound', 'serial', '{"first":"blocked"}', 0, '1', v.published_at, left(md5(p.id::text), 16)
        from providers.provider p cross join (select * from publishing.version where list = 'worst-of' order by serial desc limit 30) v
        where p.name like 'Provider %' and abs(hashtext(p.id::text || v.serial)) % 10 <> 0;
        insert into distribution.applied (list, serial, provider_id, whole_at, freed_at) select list, version, provider_id, min(at), min(at) from distribution.receipt where node is not null group by list, version, provider_id;
        insert into distribution.resolver (provider_id, list, node, kind, seen_at, receipt_id, version, ours, evidence, result, held_additions, held_removals, waiting, left_out, own, agent_version, agent_clock, whole, freed)
        select distinct on (provider_id) provider_id, list, node, resolver, at, id, version, true, evidence, 'applied', 0, 0, 0, 0, 0, agent_version, agent_clock, version, version from distribution.receipt where node is not null order by provider_id, version desc;
        insert into distribution.in_force (provider_id, list, receipt_at, resolvers, whole, freed, whole_reached, freed_reached, first_serial, held, own)
        select provider_id, list, seen_at, 1, whole, freed, whole, freed, 1, abs(hashtext(provider_id::text)) % 100 = 7, case when abs(hashtext(provider_id::text)) % 200 = 9 then 1 else 0 end from distribution.resolver;
        insert into distribution.contact (provider_id, list, at) select provider_id, list, now() - case when abs(hashtext(provider_id::text)) % 50 = 3 then interval '3 days' else interval '10 minutes' end from distribution.in_force;
        set session_replication_role = origin;
        """;

    public static async Task RunAsync(string superuser, Action<string> report, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(superuser) { CommandTimeout = 0 });
        await RunAsync(source, Fill.Replace("@providers", $"{Providers}", StringComparison.Ordinal), cancellationToken);
        await RunAsync(source, "analyze distribution.receipt, distribution.applied, distribution.resolver, distribution.in_force, distribution.contact, providers.provider, providers.provider_list", cancellationToken);
        foreach (var turn in (string[])["first", "second"])
        {
            var began = TimeProvider.System.GetTimestamp();
            await RunAsync(source, "select distribution.measure_coverage()", cancellationToken);
            report($"coverage of {Providers} providers is measured in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F2} s ({turn} look)");
        }
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
