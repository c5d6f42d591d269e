using Npgsql;

namespace BlockList.Server.Providers.Applications;

/// <summary>Ends an application without a provider. Whoever applied is told that it ended; the reason is for those who ask.</summary>
internal sealed class RefuseApplication(NpgsqlDataSource database)
{
    public const int LongestReason = 1000;

    /// <summary>False: somebody decided before.</summary>
    public async Task<bool> RunAsync(Guid application, string person, string reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select providers.refuse($1, $2, $3)");
        foreach (object value in new object[] { application, person, reason }) command.Parameters.AddWithValue(value);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))! == "refused";
    }
}
