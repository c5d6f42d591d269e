using Npgsql;

namespace BlockList.Server.Providers.Applications;

/// <summary>Sends an application with which nothing is wrong, and its receipt with it.</summary>
internal sealed class SendApplication(NpgsqlDataSource database)
{
    /// <summary>False: too many came.</summary>
    public async Task<bool> RunAsync(TypedApplication typed, string language, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select providers.apply($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        foreach (object value in new object[] { typed.Id, language, typed.Organisation, typed.Country, typed.Person, typed.Address!, typed.Telephone, typed.NetworkNumbers!, typed.Resolvers, typed.DomainNames! })
            command.Parameters.AddWithValue(value);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))! == "taken";
    }
}
