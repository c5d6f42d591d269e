using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Distribution;

/// <summary>Writes the read audit. The login may add rows and nothing else, not even read them. Rows of one moment are one commit.</summary>
internal sealed class DownloadRows
{
    private readonly NpgsqlDataSource database;
    private readonly Together<Row, bool> together;

    public DownloadRows(NpgsqlDataSource database)
    {
        this.database = database;
        together = new(AddAsync);
    }

    /// <summary>Returns when the row is safe.</summary>
    public async Task AddAsync(Caller caller, int status, string? refusal, long bytes, CancellationToken cancellationToken) =>
        await together.AskAsync(new Row(caller.Sha256, caller.Enrolment?.ProviderId, caller.List, caller.Path, status, refusal, bytes), cancellationToken);

    private async Task<IReadOnlyList<bool>> AddAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            insert into distribution.download (certificate_sha256, provider_id, list, path, status, refusal, bytes)
            select * from unnest($1, $2, $3, $4, $5, $6, $7)
            """, connection);
        Add(command, NpgsqlDbType.Text, rows, row => row.Certificate);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Provider);
        Add(command, NpgsqlDbType.Text, rows, row => row.List);
        Add(command, NpgsqlDbType.Text, rows, row => row.Path);
        Add(command, NpgsqlDbType.Integer, rows, row => row.Status);
        Add(command, NpgsqlDbType.Text, rows, row => row.Refusal);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.Bytes);
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return [.. rows.Select(_ => true)];
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<Row> rows, Func<Row, T> value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });

    private sealed record Row(string Certificate, Guid? Provider, string? List, string Path, int Status, string? Refusal, long Bytes);
}
