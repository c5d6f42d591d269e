using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Distribution;

/// <summary>Writes the read audit. The login may add rows and nothing else, not even read them.</summary>
internal sealed class DownloadRows(NpgsqlDataSource database)
{
    public async Task AddAsync(Caller caller, int status, string? refusal, long bytes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            insert into distribution.download (certificate_sha256, provider_id, list, path, status, refusal, bytes)
            values ($1, $2, $3, $4, $5, $6, $7)
            """);
        command.Parameters.AddWithValue(caller.Sha256);
        command.Parameters.Add(new NpgsqlParameter { Value = caller.Enrolment?.ProviderId ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = caller.List ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(caller.Path);
        command.Parameters.AddWithValue(status);
        command.Parameters.Add(new NpgsqlParameter { Value = refusal ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(bytes);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
