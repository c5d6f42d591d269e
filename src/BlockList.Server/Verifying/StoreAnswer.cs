using BlockList.Format;
using BlockList.Format.Signatures;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Verifying;

/// <summary>Writes the verifier's answer and what it remembers, in one transaction, and wakes who waits.</summary>
internal static class StoreAnswer
{
    private const int MostOfAReason = 2_000;

    /// <param name="connection">The verifier's.</param>
    /// <param name="waiting">What is signed.</param>
    /// <param name="signature">Under it.</param>
    /// <param name="key">Under the rows.</param>
    /// <param name="verified">What is remembered of it.</param>
    /// <param name="file">Gets a line before the answer is committed; null where it has that already.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    /// <returns>False where another copy of the verifier was first with this candidate or this number.</returns>
    /// <exception cref="ObjectionException">Another copy of the verifier signed another list under the serial meanwhile.</exception>
    public static async Task<bool> SignAsync(NpgsqlConnection connection, WaitingCandidate waiting, DocumentSignature signature, RecordKey key, VerifiedStep verified, RecordFile? file, CancellationToken cancellationToken)
    {
        var asked = waiting.Asked;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var serial = new NpgsqlCommand("""
            with first as (insert into verifying.serial (list, serial, list_sha256, ledger_position, code) values ($1, $2, $3, $4, $5) on conflict do nothing returning true)
            select exists (select from first) or (select list_sha256 = $3 from verifying.serial where list = $1 and serial = $2)
            """, connection))
        {
            serial.Parameters.AddWithValue(asked.List);
            serial.Parameters.AddWithValue(asked.Serial.Value);
            serial.Parameters.AddWithValue(asked.ListSha256);
            serial.Parameters.AddWithValue(asked.LedgerPosition);
            serial.Parameters.AddWithValue(key.OfSerial(asked.List, asked.Serial.Value, asked.ListSha256, asked.LedgerPosition));
            // Null where the row that was in the way was not yet committed when this began.
            if (await serial.ExecuteScalarAsync(cancellationToken) is not true) throw new ObjectionException($"version {asked.Serial} was signed for another publisher.", isOvertaken: true);
        }
        await using var answer = new NpgsqlCommand("""
            insert into verifying.answer (candidate_id, list, serial, targets_version, outcome, list_sha256, signed_sha256, key_id, signature, code)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing
            """, connection);
        Add(answer, waiting.Key, AskVerifier.Signed);
        answer.Parameters.AddWithValue(asked.ListSha256);
        answer.Parameters.AddWithValue(Hashes.Sha256(waiting.Signed));
        answer.Parameters.AddWithValue(signature.KeyId);
        answer.Parameters.AddWithValue(NpgsqlDbType.Bytea, signature.Value);
        answer.Parameters.AddWithValue(key.OfAnswer(waiting.Key.Id, Hashes.Sha256(waiting.Signed)));
        if (await answer.ExecuteNonQueryAsync(cancellationToken) == 0) return false;
        if (verified.Mark is { Position: > 0 } mark) await MarkAsync(connection, mark.Position, mark.RowsSha256, key, cancellationToken);
        if (verified.Step is { } step) await StepAsync(connection, asked, step, key, cancellationToken);
        await EndAsync(connection, waiting.Key, "version.countersign", null, cancellationToken);
        // Last of all: no other copy can be in the way any more, and a crash from here to the commit leaves a line whose answer is given later.
        file?.Append(new RecordedSignature(asked.List, asked.Serial.Value, asked.ListSha256, asked.LedgerPosition, waiting.TargetsVersion, waiting.Key.Id, Hashes.Sha256(waiting.Signed)));
        FaultPoint.Reach(VerifyFaults.Recorded);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public static async Task RefuseAsync(NpgsqlConnection connection, CandidateKey waiting, string said, bool isOvertaken, CancellationToken cancellationToken)
    {
        // What is wrong may be quoted from the candidate, and not everything can be stored.
        var reason = new string([.. said.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(MostOfAReason)]);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var answer = new NpgsqlCommand("""
            insert into verifying.answer (candidate_id, list, serial, targets_version, outcome, reason) values ($1, $2, $3, $4, $5, $6) on conflict do nothing
            """, connection);
        Add(answer, waiting, isOvertaken ? AskVerifier.Overtaken : AskVerifier.Refused);
        answer.Parameters.AddWithValue(reason);
        if (await answer.ExecuteNonQueryAsync(cancellationToken) == 0) return;
        await EndAsync(connection, waiting, isOvertaken ? "version.overtaken" : "version.refuse", reason, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static void Add(NpgsqlCommand command, CandidateKey waiting, string outcome)
    {
        command.Parameters.AddWithValue(waiting.Id);
        command.Parameters.AddWithValue(waiting.List);
        command.Parameters.AddWithValue(waiting.Serial);
        command.Parameters.AddWithValue(waiting.TargetsVersion);
        command.Parameters.AddWithValue(outcome);
    }

    private static async Task MarkAsync(NpgsqlConnection connection, long position, byte[] rowsSha256, RecordKey key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into verifying.mark (position, rows_sha256, code) values ($1, $2, $3) on conflict do nothing", connection);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, rowsSha256);
        command.Parameters.AddWithValue(key.OfMark(position, rowsSha256));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task StepAsync(NpgsqlConnection connection, Candidate asked, SignedStep step, RecordKey key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into verifying.step (list, serial, previous_serial, added, freed, derived_for, code) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing", connection);
        command.Parameters.AddWithValue(asked.List);
        foreach (var number in new[] { asked.Serial.Value, step.Previous, step.Added, step.Freed }) command.Parameters.AddWithValue(number);
        command.Parameters.AddWithValue(step.At);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, key.OfStep(asked.List, asked.Serial.Value, step));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task EndAsync(NpgsqlConnection connection, CandidateKey waiting, string action, string? reason, CancellationToken cancellationToken)
    {
        await AuditLog.AppendAsync(connection, "verifier", action, $"{waiting.List} {waiting.Serial}",
            new() { ["form"] = waiting.Form, ["targets_version"] = waiting.TargetsVersion, ["reason"] = reason }, cancellationToken);
        await using var notify = new NpgsqlCommand("select pg_notify($1, $2)", connection);
        notify.Parameters.AddWithValue(AskVerifier.AnswerChannel);
        notify.Parameters.AddWithValue(waiting.Id.ToString());
        await notify.ExecuteNonQueryAsync(cancellationToken);
    }
}
