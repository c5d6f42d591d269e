using Npgsql;

namespace BlockList.Server.Oversight;

/// <summary>Chains the audit rows that were committed since the last seal, and checks the chain on demand.</summary>
internal sealed class SealAudit(NpgsqlDataSource database)
{
    /// <summary>Returns how many rows were sealed.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select oversight.seal_audit()");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The first seal that does not hold and why, or null where the chain is intact.</summary>
    public async Task<(long Seal, string Reason)?> FindBrokenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select seal_id, reason from oversight.find_broken_seal()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }
}
