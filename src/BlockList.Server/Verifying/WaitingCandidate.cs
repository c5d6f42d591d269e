using BlockList.Format;
using BlockList.Server.Publishing;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>A candidate that a publisher still waits for.</summary>
/// <param name="Key">Its row.</param>
/// <param name="Asked">What it says to be.</param>
/// <param name="Signed">The bytes to sign.</param>
/// <param name="CreatedAt">By the database's clock.</param>
internal sealed record WaitingCandidate(CandidateKey Key, Candidate Asked, byte[] Signed, DateTimeOffset CreatedAt)
{
    public int TargetsVersion => Key.TargetsVersion;

    private const string SelectKey = "select id, list, serial, targets_version, form from publishing.candidate c";

    /// <summary>The newest one. An older one of the same list is overtaken by it, and is answered so.</summary>
    public static async Task<CandidateKey?> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            {SelectKey}
            where expires_at > clock_timestamp() and not exists (select from verifying.answer where candidate_id = c.id)
            order by created_at desc limit 1
            """, connection);
        return await ReadKeyAsync(command, cancellationToken);
    }

    /// <summary>One by its id, whether or not anybody waits for it.</summary>
    public static async Task<CandidateKey?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{SelectKey} where id = $1", connection);
        command.Parameters.AddWithValue(id);
        return await ReadKeyAsync(command, cancellationToken);
    }

    private static async Task<CandidateKey?> ReadKeyAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new CandidateKey(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetString(4)) : null;
    }

    /// <summary>Reads a row. Whoever has the publisher's login wrote it, and may have written what is none.</summary>
    public static async Task<WaitingCandidate> ReadAsync(NpgsqlConnection connection, CandidateKey key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select id, list, serial, form, ledger_position, evaluated_at, register_version, suffixes_sha256, previous_serial, previous_sha256, list_sha256, content, signed, created_at
            from publishing.candidate where id = $1
            """, connection);
        command.Parameters.AddWithValue(key.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        (Serial, string)? previous = reader.IsDBNull(8) ? null : (Serial.Create(reader.GetInt32(8)), reader.GetString(9));
        var asked = new Candidate(reader.GetString(1), Serial.Create(reader.GetInt32(2)), reader.GetString(3), reader.GetInt64(4), reader.GetFieldValue<DateTimeOffset>(5),
            reader.GetInt32(6), reader.GetString(7), previous, reader.GetString(10), reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11));
        return new WaitingCandidate(key, asked, reader.GetFieldValue<byte[]>(12), reader.GetFieldValue<DateTimeOffset>(13));
    }
}
