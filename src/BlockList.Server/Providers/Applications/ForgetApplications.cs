using Npgsql;

namespace BlockList.Server.Providers.Applications;

/// <summary>Deletes what was typed for applications that were refused 90 days ago.</summary>
internal sealed class ForgetApplications(NpgsqlDataSource database)
{
    /// <summary>Returns how many are gone.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select providers.forget_applications()");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
