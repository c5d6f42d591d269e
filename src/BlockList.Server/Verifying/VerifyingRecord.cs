using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
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

    /// <summary>Of one list the steps that were signed within a day before an instant, by their serials.</summary>
    public async Task<Dictionary<int, SignedStep>> StepsAsync(NpgsqlConnection connection, string list, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select serial, previous_serial, added, freed, derived_for, code from verifying.step where list = $1 and derived_for > $2", connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(at.AddDays(-1));
        var steps = new Dictionary<int, SignedStep>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (serial, step) = (reader.GetInt32(0), new SignedStep(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetFieldValue<DateTimeOffset>(4)));
            RecordKey.Require(key.OfStep(list, serial, step), reader.GetFieldValue<byte[]>(5), "step");
            steps.Add(serial, step);
        }
        return steps;
    }

    public async Task<KnownSignatures> KnownAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        var resumed = (await ResumedAsync(connection, cancellationToken)).Where(r => r.List == list).ToArray();
        return new KnownSignatures(list, await SerialsAsync(connection, list, cancellationToken), await HighestTargetsAsync(connection, list, cancellationToken),
            resumed.Length == 0 ? null : (resumed.Max(r => r.Serial), resumed.Max(r => r.TargetsVersion)));
    }

    /// <summary>The newest resumption of any list; empty where there was none.</summary>
    public async Task<Guid> NewestResumedAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await ResumedAsync(connection, cancellationToken) is [.., var newest] ? newest.Id : Guid.Empty;

    /// <summary>Of all lists, the newest last.</summary>
    private async Task<List<ResumedSigning>> ResumedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id, list, serial, targets_version, code from verifying.resume order by resumed_at", connection);
        var rows = new List<ResumedSigning>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new ResumedSigning(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3));
            RecordKey.Require(key.OfResume(row.Id, row.List, row.Serial, row.TargetsVersion), reader.GetFieldValue<byte[]>(4), "resume");
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Whether another document was signed under the number of a line.</summary>
    public async Task<bool> IsNumberTakenAsync(NpgsqlConnection connection, RecordedSignature line, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select candidate_id, signed_sha256, code from verifying.answer where list = $1 and targets_version = $2 and outcome = 'signed' and candidate_id <> $3", connection);
        command.Parameters.AddWithValue(line.List);
        command.Parameters.AddWithValue(line.TargetsVersion);
        command.Parameters.AddWithValue(line.Candidate);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return false;
        RecordKey.Require(key.OfAnswer(reader.GetGuid(0), reader.GetString(1)), reader.GetFieldValue<byte[]>(2), "answer");
        return true;
    }

    /// <summary>Whether the ledger reaches a position; 0 is before its first row.</summary>
    public static async Task<bool> HasLedgerAsync(NpgsqlConnection connection, long position, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select $1 = 0 or exists (select from publishing.ledger where position = $1)", connection);
        command.Parameters.AddWithValue(position);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<int> HighestTargetsAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(c.targets_version), 0) from publishing.candidate c join verifying.answer a on a.candidate_id = c.id where c.list = $1 and a.outcome = 'signed'", connection);
        command.Parameters.AddWithValue(list);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// The newest document that was signed under a serial and is served; where none is, the newest that was signed. Of several that
    /// were signed, because publishers died or overtook each other, whoever publishes goes on from the one that is served. The publisher
    /// keeps it, and the hash says that it is the one.
    /// </summary>
    public async Task<byte[]?> NewestSignedAsync(NpgsqlConnection connection, string list, int serial, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select c.signed, a.signed_sha256, a.candidate_id, a.code, f.content
            from verifying.answer a join publishing.candidate c on c.id = a.candidate_id
            left join publishing.file f on f.list = a.list and f.path = 'tuf/' || a.targets_version || '.targets.json'
            where a.list = $1 and a.serial = $2 and a.outcome = 'signed' order by a.targets_version desc
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(serial);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        byte[]? newest = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var signed = reader.GetFieldValue<byte[]>(0);
            RecordKey.Require(key.OfAnswer(reader.GetGuid(2), reader.GetString(1)), reader.GetFieldValue<byte[]>(3), "answer");
            if (Hashes.Sha256(signed) != reader.GetString(1)) throw new ObjectionException($"the document that was signed for version {serial} was changed since.");
            if (!reader.IsDBNull(4) && IsOf(signed, reader.GetFieldValue<byte[]>(4))) return signed;
            newest ??= signed;
        }
        return newest;
    }

    /// <summary>Whether what is served is that document: something else could have been put into its place.</summary>
    private static bool IsOf(byte[] signed, byte[] served)
    {
        try
        {
            return SignedDocument.Parse(served).SignedBytes.AsSpan().SequenceEqual(signed);
        }
        catch (MalformedDocumentException)
        {
            return false;
        }
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

