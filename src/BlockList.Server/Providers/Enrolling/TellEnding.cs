using Npgsql;

namespace BlockList.Server.Providers.Enrolling;

/// <summary>Tells providers whose last valid certificate ends in 30, 14 or 3 days, each once.</summary>
internal sealed class TellEnding(NpgsqlDataSource database)
{
    /// <summary>Returns how many mails were written.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select providers.tell_ending()");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
