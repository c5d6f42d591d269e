using BlockList.Server.Providers;
using Npgsql;

namespace BlockList.Server.Distribution;

/// <summary>
/// Whether a certificate may read, and the row of the read that it then is, in one journey and one statement: there is no moment between
/// the answer and its row. Who may not read is no read; the refusal gets a row of its own.
/// </summary>
internal sealed class RecordedReads
{
    private const string Query = $"""
        with known as ({Enrolments.Query}),
        recorded as (
          insert into distribution.download (certificate_sha256, provider_id, list, path, status, refusal, bytes)
          select k.sha256, k.provider_id, r.list, r.path, r.status, r.refusal, r.bytes
          from unnest($2, $3, $4, $5, $6, $7) as r (sha256, list, path, status, refusal, bytes)
          join known k on k.sha256 = r.sha256 and k.revoked_at is null and k.suspended_at is null and (r.list is null or r.list = any (k.lists))
          returning 1)
        select known.*, (select count(*) from recorded) from known
        """;

    private readonly NpgsqlDataSource database;
    private readonly Together<DownloadRow, Enrolment?> together;

    public RecordedReads(NpgsqlDataSource database)
    {
        this.database = database;
        together = new(AskAsync);
    }

    /// <summary>What is enrolled, or null. If <see cref="Enrolment.MayRead"/> says so of the list, the row is safe.</summary>
    public Task<Enrolment?> AskAsync(Caller caller, Answer answer, long bytes, CancellationToken cancellationToken) =>
        together.AskAsync(new DownloadRow(caller.Sha256, null, caller.List, caller.Path, answer.Status, answer.Refusal, bytes), cancellationToken);

    private async Task<IReadOnlyList<Enrolment?>> AskAsync(IReadOnlyList<DownloadRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.AddWithValue(rows.Select(row => row.Certificate).Distinct(StringComparer.Ordinal).ToArray());
        DownloadRow.AddColumns(command.Parameters, rows);
        // Planned once for each connection: planning takes longer than the answer.
        await command.PrepareAsync(cancellationToken);
        var (found, recorded) = (new Dictionary<string, Enrolment>(StringComparer.Ordinal), 0L);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(reader.GetString(0), Enrolments.Of(reader));
                recorded = reader.GetInt64(reader.FieldCount - 1);
            }
        }
        var answers = new Enrolment?[rows.Count];
        for (var i = 0; i < rows.Count; i++) answers[i] = found.GetValueOrDefault(rows[i].Certificate);
        // Two places say who may read. Should they ever differ, nobody reads unrecorded.
        var reads = rows.Zip(answers).Count(one => one.Second?.MayRead(one.First.List) == true);
        return reads == recorded ? answers : throw new InvalidOperationException($"{reads} reads have {recorded} rows");
    }
}
