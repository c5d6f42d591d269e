using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Distribution;

/// <summary>Writes the read audit where what is written down is known already: refusals, streams, answers about the provider itself. The
/// login may add rows and nothing else, not even read them. Rows of one moment are one commit.</summary>
internal sealed class DownloadRows
{
    private readonly NpgsqlDataSource database;
    private readonly Together<DownloadRow, bool> together;

    public DownloadRows(NpgsqlDataSource database)
    {
        this.database = database;
        together = new(AddAsync);
    }

    /// <summary>Returns when the row is safe.</summary>
    public async Task AddAsync(Caller caller, int status, string? refusal, long bytes, CancellationToken cancellationToken) =>
        await together.AskAsync(new DownloadRow(caller.Sha256, caller.Enrolment?.ProviderId, caller.List, caller.Path, status, refusal, bytes), cancellationToken);

    private async Task<IReadOnlyList<bool>> AddAsync(IReadOnlyList<DownloadRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            insert into distribution.download (certificate_sha256, list, path, status, refusal, bytes, provider_id)
            select * from unnest($1, $2, $3, $4, $5, $6, $7)
            """, connection);
        DownloadRow.AddColumns(command.Parameters, rows);
        DownloadRow.Add(command.Parameters, NpgsqlDbType.Uuid, rows, row => row.Provider);
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return [.. rows.Select(_ => true)];
    }
}
