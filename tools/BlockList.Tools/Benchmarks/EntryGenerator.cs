using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Deployments;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// Fills a migrated demo deployment with entries, their decisions and everything that comes with them, as though it had
/// been used for more than a year. Rows are written by the database itself, past its triggers: what they keep is made here. The
/// same number gives the same entries; their times are relative to the present.
/// </summary>
internal sealed class EntryGenerator(Deployment deployment, int entries, TimeProvider clock, Action<string> report)
{
    private readonly DateTimeOffset now = Format.Json.Timestamp.Truncate(clock.GetUtcNow());
    private readonly long started = Stopwatch.GetTimestamp();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(deployment.SuperuserConnectionString) { CommandTimeout = 0 });
        await using var first = await OpenAsync(source, cancellationToken);
        await ExecuteAsync(first, "schema for the generation", GeneratorSql.Prepare, cancellationToken);
        await new PatternTables(deployment, now).WriteAsync(first, cancellationToken);
        // Two at once, since each takes one core.
        await using var second = await OpenAsync(source, cancellationToken);
        await Task.WhenAll(FillAuditAsync(second, cancellationToken), FillEntriesAsync(first, cancellationToken));
        await ExecuteAsync(first, "the generation's own tables are gone", "drop schema bench cascade", cancellationToken);
        await ExecuteAsync(first, "vacuum and statistics", "vacuum (analyze)", cancellationToken);
    }

    private async Task FillEntriesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var table in GeneratorSql.Bulk) await SuspendIndexesAsync(connection, table, cancellationToken);
        foreach (var (what, sql) in GeneratorSql.Entries)
        {
            await ExecuteAsync(connection, what, sql, cancellationToken);
            if (what == "statements") await RebuildAsync(connection, cancellationToken);
        }
        await ExecuteAsync(connection, "indexes of versions", "reindex table publishing.entry", cancellationToken);
    }

    private async Task RebuildAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var table in GeneratorSql.Bulk.Where(t => t != "publishing.entry"))
            await ExecuteAsync(connection, "indexes of " + table, $"reindex table {table}; analyze {table}", cancellationToken);
    }

    private async Task FillAuditAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await SuspendIndexesAsync(connection, "oversight.audit", cancellationToken);
        await ExecuteAsync(connection, "audit rows", GeneratorSql.Audit, cancellationToken);
        await ExecuteAsync(connection, "indexes of oversight.audit", "reindex table oversight.audit", cancellationToken);
    }

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'; set work_mem = '256MB'; set timezone = 'UTC'", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    /// <summary>An index that is not ready takes no rows; building it at the end is several times faster.</summary>
    private static async Task SuspendIndexesAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"update pg_index set indisready = false, indisvalid = false where indrelid = '{table}'::regclass", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string what, string sql, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.GetTimestamp();
        var text = sql.Replace(":now", $"'{now:yyyy-MM-dd HH:mm:ss}+00'::timestamptz", StringComparison.Ordinal).Replace(":n", entries.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        report(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,7:F1} s  {entries} entries: {what} ({Stopwatch.GetElapsedTime(clock).TotalSeconds:F1} s)"));
    }
}
