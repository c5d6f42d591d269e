using Npgsql;

namespace BlockList.Server.Data;

/// <summary>
/// Follows what others write, over a connection that hears a notification and looks now and then without one, until it is told to stop.
/// Whatever ends the connection, it begins anew: what was to be done is rows, and still there.
/// </summary>
/// <param name="database">Of the role.</param>
/// <param name="channel">That is listened to.</param>
/// <param name="pause">After an interruption.</param>
/// <param name="clock">For the pause.</param>
internal abstract class Listening(NpgsqlDataSource database, string channel, TimeSpan pause, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand($"listen {channel}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                await FollowAsync(connection, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // The database went away, or something nobody foresaw.
                var foreseen = DatabaseTrouble.Describe(problem);
                Tell(foreseen ?? problem.Message, foreseen is null ? problem : null);
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Never returns but by an exception; listens already when it begins.</summary>
    protected abstract Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <param name="problem">In a sentence.</param>
    /// <param name="unforeseen">With its trace; null for what can be expected of a database.</param>
    protected abstract void Tell(string problem, Exception? unforeseen);
}
