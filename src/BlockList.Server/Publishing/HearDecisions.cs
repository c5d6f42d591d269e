using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>
/// Looks for what cannot wait as soon as somebody decides. What is heard says nothing but "look": whoever can send it makes the
/// publisher look at its own tables, no more often than one look takes. Whoever was not heard is found by the next look all the same.
/// </summary>
internal sealed partial class HearDecisions(NpgsqlDataSource database, PublishUrgent urgent, TimeProvider clock, ILogger<HearDecisions> logger) : BackgroundService
{
    public const string Channel = "blocklist_decided";

    /// <summary>Between looks that nobody asked for: a suspension begins by the clock.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await HearAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                Log.Interrupted(logger, problem.Message, problem is NpgsqlException ? null : problem);
                await Task.Delay(Patience, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            // What is said during a look stays with the connection, and is answered by one more look.
            await urgent.RunAsync(cancellationToken);
            await connection.WaitAsync(Look, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Decisions are not heard: {Problem} They are looked for again; until then nothing is published at once.")]
        public static partial void Interrupted(ILogger logger, string problem, Exception? unforeseen);
    }
}
