using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>What the worker does for entries, by a few functions and with no right beside them: it decides nothing.</summary>
internal sealed class FollowCalendar(NpgsqlDataSource database)
{
    /// <summary>So many at once that a transaction stays short; a morning on which more lapse takes some sweeps.</summary>
    public const int AtOnce = 5000;

    /// <summary>Lapses, suspends and marks what its time has come for. Returns how many episodes.</summary>
    public Task<int> AdvanceStagesAsync(CancellationToken cancellationToken) => RunAsync("select curation.advance_stages($1)", AtOnce, cancellationToken);

    /// <summary>Sums up the differences that counts are kept as. Returns how many rows.</summary>
    public Task<int> FoldTalliesAsync(CancellationToken cancellationToken) => RunAsync("select curation.fold_tallies()", null, cancellationToken);

    /// <summary>Deletes what was said of imports' lines a month ago, and the rows of imports that nobody signed. Returns how many lines.</summary>
    public Task<int> PurgeImportsAsync(CancellationToken cancellationToken) => RunAsync("select curation.purge_imports()", null, cancellationToken);

    private async Task<int> RunAsync(string sql, int? limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        if (limit is { } most) command.Parameters.AddWithValue(most);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
