using BlockList.Format;
using BlockList.Server.Publishing;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>What the verifier wrote down itself, in the schema that only it writes: the ground that a tampered publisher cannot move.</summary>
internal sealed class VerifyingRecord(RecordKey key)
{
    /// <summary>How far the ledger was verified, and the hash over its rows to there; null before the first time.</summary>
    public async Task<(long Position, byte[] RowsSha256)?> NewestMarkAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select position, rows_sha256, code from verifying.mark order by position desc limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var (position, rows) = (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
        RecordKey.Require(key.OfMark(position, rows), reader.GetFieldValue<byte[]>(2), "mark");
        return (position, rows);
    }

    /// <summary>Of one list the serials that were signed, by number: the list of each, and the ledger's position that it rested on.</summary>
    public async Task<SortedDictionary<int, SignedSerial>> SerialsAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select serial, list_sha256, ledger_position, code from verifying.serial where list = $1", connection);
        command.Parameters.AddWithValue(list);
        var serials = new SortedDictionary<int, SignedSerial>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (serial, signed) = (reader.GetInt32(0), new SignedSerial(reader.GetString(1), reader.GetInt64(2)));
            RecordKey.Require(key.OfSerial(list, serial, signed.ListSha256, signed.LedgerPosition), reader.GetFieldValue<byte[]>(3), "serial");
            serials.Add(serial, signed);
        }
        return serials;
    }

    public static async Task<int> HighestTargetsAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(c.targets_version), 0) from publishing.candidate c join verifying.answer a on a.candidate_id = c.id where c.list = $1 and a.outcome = 'signed'", connection);
        command.Parameters.AddWithValue(list);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The newest document that was signed under a serial. The publisher keeps it, and the hash says that it is the one.</summary>
    public async Task<byte[]?> NewestSignedAsync(NpgsqlConnection connection, string list, int serial, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select c.signed, a.signed_sha256, a.candidate_id, a.code from verifying.answer a join publishing.candidate c on c.id = a.candidate_id
            where a.list = $1 and a.serial = $2 and a.outcome = 'signed' order by a.targets_version desc limit 1
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(serial);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var signed = reader.GetFieldValue<byte[]>(0);
        RecordKey.Require(key.OfAnswer(reader.GetGuid(2), reader.GetString(1)), reader.GetFieldValue<byte[]>(3), "answer");
        return Hashes.Sha256(signed) == reader.GetString(1) ? signed : throw new ObjectionException($"the document that was signed for version {serial} was changed since.");
    }

    /// <summary>Whether a version that was signed was exposed as well. What is served is never deleted, by whatever login of a role.</summary>
    public static async Task<bool> IsExposedAsync(NpgsqlConnection connection, string list, int serial, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select exists (select from verifying.answer a join publishing.file f on f.list = a.list and f.path = 'tuf/' || a.targets_version || '.targets.json'
            where a.list = $1 and a.serial = $2 and a.outcome = 'signed')
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(serial);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A published list by its hash.</summary>
    public static async Task<byte[]> ListAsync(NpgsqlConnection connection, string list, string sha256, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select content from publishing.file where list = $1 and path = $2", connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue($"targets/{sha256}.{CurrentState.ListPath}");
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] content && Hashes.Sha256(content) == sha256
            ? content
            : throw new ObjectionException("the list of a version before is not there any more, or was changed.");
    }
}

