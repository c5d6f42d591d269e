using BlockList.Format;
using BlockList.Server.Publishing;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>A candidate that a publisher still waits for.</summary>
/// <param name="Id">Of its row.</param>
/// <param name="Asked">What it says to be.</param>
/// <param name="TargetsVersion">Of the document.</param>
/// <param name="Signed">The bytes to sign.</param>
/// <param name="CreatedAt">By the database's clock.</param>
internal sealed record WaitingCandidate(Guid Id, Candidate Asked, int TargetsVersion, byte[] Signed, DateTimeOffset CreatedAt)
{
    /// <summary>The newest one. An older one of the same list is overtaken by it, and is answered so.</summary>
    public static async Task<WaitingCandidate?> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select id, list, serial, form, ledger_position, evaluated_at, register_version, suffixes_sha256, previous_serial, previous_sha256, list_sha256, content,
              targets_version, signed, created_at
            from publishing.candidate c
            where expires_at > clock_timestamp() and not exists (select from verifying.answer where candidate_id = c.id)
            order by created_at desc limit 1
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        (Serial, string)? previous = reader.IsDBNull(8) ? null : (Serial.Create(reader.GetInt32(8)), reader.GetString(9));
        var asked = new Candidate(reader.GetString(1), Serial.Create(reader.GetInt32(2)), reader.GetString(3), reader.GetInt64(4), reader.GetFieldValue<DateTimeOffset>(5),
            reader.GetInt32(6), reader.GetString(7), previous, reader.GetString(10), reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11));
        return new WaitingCandidate(reader.GetGuid(0), asked, reader.GetInt32(12), reader.GetFieldValue<byte[]>(13), reader.GetFieldValue<DateTimeOffset>(14));
    }
}
