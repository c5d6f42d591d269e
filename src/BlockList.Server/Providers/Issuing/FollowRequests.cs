using BlockList.Server.Data;
using Npgsql;

namespace BlockList.Server.Providers.Issuing;

/// <summary>Answers requests as they come, until it is told to stop. A notification saves waiting for the next look.</summary>
internal sealed partial class FollowRequests(NpgsqlDataSource database, IssueCertificates issue, TimeProvider clock, ILogger<FollowRequests> logger) : BackgroundService
{
    private const string Channel = "certificate_request";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // The database went away, or something nobody foresaw: what is asked for stays asked for.
                var foreseen = DatabaseTrouble.Describe(problem);
                Log.Interrupted(logger, foreseen ?? problem.Message, foreseen is null ? problem : null);
                await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            while (await issue.RunAsync(cancellationToken) > 0) { }
            await connection.WaitAsync(Look, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Interrupted: {Problem} Looking again.")]
        public static partial void Interrupted(ILogger logger, string problem, Exception? unforeseen);
    }
}
