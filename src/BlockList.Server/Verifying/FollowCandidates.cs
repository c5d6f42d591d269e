using BlockList.Server.Data;
using BlockList.Server.Publishing;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>Answers candidates as they come, until it is told to stop. A notification saves waiting for the next look.</summary>
internal sealed partial class FollowCandidates(NpgsqlDataSource database, VerifyCandidate verify, RecallSigned recall, VerifiedLedger ledger, WatchEvaluation watch, TimeProvider clock, ILogger<FollowCandidates> logger)
    : Listening(database, AskVerifier.CandidateChannel, Look, clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    protected override async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await CatchUpAsync(connection, cancellationToken);
        while (true)
        {
            while (await verify.RunAsync(cancellationToken)) { }
            await WatchAsync(connection, cancellationToken);
            await connection.WaitAsync(Look, cancellationToken);
        }
    }

    private async Task WatchAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await watch.RunAsync(connection, cancellationToken);
        }
        catch (Exception problem) when (problem is ObjectionException or Signing.SigningException)
        {
            // Each candidate is refused for the same reason, which is said there.
            Log.Interrupted(logger, problem.Message, null);
        }
    }

    private async Task CatchUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var problem in await recall.RunAsync(connection, cancellationToken)) Log.NotReady(logger, problem);
            Log.Ready(logger, await ledger.CatchUpAsync(cancellationToken));
        }
        catch (Exception problem) when (problem is ObjectionException or Signing.SigningException)
        {
            // Said again, with its consequence, to each candidate.
            Log.NotReady(logger, problem.Message);
        }
    }

    protected override void Tell(string problem, Exception? unforeseen) => Log.Interrupted(logger, problem, unforeseen);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The ledger holds up to row {Position}; listening for candidates.")]
        public static partial void Ready(ILogger logger, long position);

        [LoggerMessage(LogLevel.Critical, "Nothing that rests on the ledger will be signed: {Problem} Mend it before the metadata of the lists expires.")]
        public static partial void NotReady(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Warning, "Interrupted: {Problem} Looking again.")]
        public static partial void Interrupted(ILogger logger, string problem, Exception? unforeseen);
    }
}
