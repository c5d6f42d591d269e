using BlockList.Server.Publishing;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>Answers candidates as they come, until it is told to stop. A notification saves waiting for the next look.</summary>
internal sealed partial class FollowCandidates(NpgsqlDataSource database, VerifyCandidate verify, VerifiedLedger ledger, TimeProvider clock, ILogger<FollowCandidates> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

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
                // The database went away, or something nobody foresaw: whoever waits goes on waiting while there is hope.
                Log.Interrupted(logger, problem.Message, problem is NpgsqlException ? null : problem);
                await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {AskVerifier.CandidateChannel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        await CatchUpAsync(cancellationToken);
        while (true)
        {
            while (await verify.RunAsync(cancellationToken)) { }
            await connection.WaitAsync(Look, cancellationToken);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            Log.Ready(logger, await ledger.CatchUpAsync(cancellationToken));
        }
        catch (Exception problem) when (problem is ObjectionException or Signing.SigningException)
        {
            // Said again, with its consequence, to each candidate.
            Log.NotReady(logger, problem.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The ledger holds up to row {Position}; listening for candidates.")]
        public static partial void Ready(ILogger logger, long position);

        [LoggerMessage(LogLevel.Critical, "Nothing will be signed: {Problem} Mend it before the metadata of the lists expires.")]
        public static partial void NotReady(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Warning, "Interrupted: {Problem} Looking again.")]
        public static partial void Interrupted(ILogger logger, string problem, Exception? unforeseen);
    }
}
