using Npgsql;

namespace BlockList.Server.Distribution.Coverage;

/// <summary>What the worker does for coverage, by two functions and with no right beside them: how everybody stands and how far each version
/// has come; and the agencies are told what providers leave out. A run that dies leaves nothing: the next one computes it all again.</summary>
internal sealed class FollowCoverage(NpgsqlDataSource database)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var call in (string[])["distribution.measure_coverage()", "distribution.tell_exceptions()"])
        {
            await using var command = database.CreateCommand($"select {call}");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
