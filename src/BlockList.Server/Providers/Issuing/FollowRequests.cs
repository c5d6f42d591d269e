using BlockList.Server.Data;
using Npgsql;

namespace BlockList.Server.Providers.Issuing;

/// <summary>Answers requests as they come, until it is told to stop. A notification saves waiting for the next look.</summary>
internal sealed partial class FollowRequests(NpgsqlDataSource database, IssueCertificates issue, TimeProvider clock, ILogger<FollowRequests> logger)
    : Listening(database, Channel, Look, clock)
{
    private const string Channel = "certificate_request";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (await issue.RunAsync(cancellationToken) > 0) { }
            await connection.WaitAsync(Look, cancellationToken);
        }
    }

    protected override void Tell(string problem, Exception? unforeseen) => Log.Interrupted(logger, problem, unforeseen);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Interrupted: {Problem} Looking again.")]
        public static partial void Interrupted(ILogger logger, string problem, Exception? unforeseen);
    }
}
