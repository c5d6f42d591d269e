using BlockList.Server.Data;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>
/// Looks for what cannot wait as soon as somebody decides. What is heard says nothing but "look": whoever can send it makes the
/// publisher look at its own tables, no more often than one look takes. Whoever was not heard is found by the next look all the same.
/// </summary>
internal sealed partial class HearDecisions(NpgsqlDataSource database, PublishUrgent urgent, TimeProvider clock, ILogger<HearDecisions> logger)
    : Listening(database, Channel, Patience, clock)
{
    public const string Channel = "blocklist_decided";

    /// <summary>Between looks that nobody asked for: a suspension begins by the clock.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    /// <summary>After a look that found something in the way, or a lost connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            // What is said during a look stays with the connection, and is answered by one more look.
            var isDone = await urgent.RunAsync(cancellationToken);
            if (await connection.WaitAsync(isDone ? Look : Patience, cancellationToken)) continue;
            // A host that vanished says no word: a connection that hears nothing any more is found by asking it.
            await using var ask = new NpgsqlCommand("select 1", connection);
            await ask.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    protected override void Tell(string problem, Exception? unforeseen) => Log.Interrupted(logger, problem, unforeseen);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Decisions are not heard: {Problem} They are looked for again; until then nothing is published at once.")]
        public static partial void Interrupted(ILogger logger, string problem, Exception? unforeseen);
    }
}
