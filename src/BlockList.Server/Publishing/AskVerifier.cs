using BlockList.Format;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>
/// Gets the second signature under targets. The publisher writes what it wants signed into a row; the verifier, which shares
/// nothing with it but the database, derives the same by itself and answers in a row of its own. Notifications only save
/// waiting for the next look: whoever missed one finds the row.
/// </summary>
internal sealed class AskVerifier(NpgsqlDataSource database, IOptions<PublishingOptions> options, TimeProvider clock)
{
    public const string CandidateChannel = "blocklist_candidate";
    public const string AnswerChannel = "blocklist_answer";
    public const string Signed = "signed";
    public const string Overtaken = "overtaken";
    public const string Refused = "refused";

    /// <summary>How long to wait for a notification before looking all the same.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the root wants two signatures; one from before the verifier wants one.</summary>
    public static bool IsNeeded(RootDocument root) => root.Roles[RoleName.Targets].Threshold > 1;

    public async Task<Countersigned> HighestAsync(RootDocument root, CancellationToken cancellationToken)
    {
        if (!IsNeeded(root)) return Countersigned.Nothing;
        // By this role's own candidates: whoever can write the verifier's rows must not push a number ahead.
        await using var command = database.CreateCommand("""
            select c.serial, c.list_sha256, (
                select coalesce(max(c.targets_version), 0) from publishing.candidate c join verifying.answer a on a.candidate_id = c.id where c.list = $1 and a.outcome = 'signed')
            from (select $1 as list) as of left join publishing.candidate c on c.list = of.list and exists (select from verifying.answer a where a.candidate_id = c.id and a.outcome = 'signed')
            order by c.serial desc nulls last limit 1
            """);
        command.Parameters.AddWithValue(root.List);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Countersigned(reader.IsDBNull(0) ? null : Serial.Create(reader.GetInt32(0)), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt32(2));
    }

    /// <returns>The signatures to add; none where the root asks for none, null where another publisher was first.</returns>
    /// <exception cref="NotCountersignedException">It refused, or did not answer in time.</exception>
    public async Task<IReadOnlyList<DocumentSignature>?> RunAsync(RootDocument root, Candidate candidate, int targetsVersion, byte[] signed, CancellationToken cancellationToken)
    {
        if (!IsNeeded(root)) return [];
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await RefusedBefore.FindAsync(connection, candidate, cancellationToken) is { } reason) throw RefusalOf(candidate, reason, isRepeated: true);
        await using (var listen = new NpgsqlCommand($"listen {AnswerChannel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        await AskAsync(connection, id, candidate, targetsVersion, signed, cancellationToken);
        FaultPoint.Reach(PublishFaults.Proposed);
        // A crash here leaves a candidate. If the verifier signs it, the next run gets its signature for the same list anew, or
        // goes on with the serial after it.

        var (began, limit) = (clock.GetTimestamp(), TimeSpan.FromSeconds(options.Value.VerifierSeconds));
        while (true)
        {
            if (await FindAnswerAsync(connection, id, cancellationToken) is { } answer) return Read(candidate, answer);
            var left = limit - clock.GetElapsedTime(began);
            // Less than a millisecond would be none at all, which Npgsql takes for no limit.
            if (left < TimeSpan.FromMilliseconds(1)) throw Silent(candidate.List);
            await connection.WaitAsync(left < Look ? left : Look, cancellationToken);
        }
    }

    private async Task AskAsync(NpgsqlConnection connection, Guid id, Candidate candidate, int targetsVersion, byte[] signed, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            with asked as (
              insert into publishing.candidate (id, list, serial, form, targets_version, ledger_position, evaluated_at, register_version, suffixes_sha256,
                previous_serial, previous_sha256, list_sha256, content, signed, expires_at)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, clock_timestamp() + make_interval(secs => $15)) returning id)
            select pg_notify('{CandidateChannel}', id::text) from asked
            """, connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(candidate.List);
        command.Parameters.AddWithValue(candidate.Serial.Value);
        command.Parameters.AddWithValue(candidate.Form);
        command.Parameters.AddWithValue(targetsVersion);
        command.Parameters.AddWithValue(candidate.LedgerPosition);
        command.Parameters.AddWithValue(candidate.EvaluatedAt);
        command.Parameters.AddWithValue(candidate.RegisterVersion);
        command.Parameters.AddWithValue(candidate.SuffixesSha256);
        command.Parameters.AddWithValue(NpgsqlDbType.Integer, (object?)candidate.Previous?.Serial.Value ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)candidate.Previous?.Sha256 ?? DBNull.Value);
        command.Parameters.AddWithValue(candidate.ListSha256);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, (object?)candidate.Content ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, signed);
        command.Parameters.AddWithValue((double)options.Value.VerifierSeconds);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Answer?> FindAnswerAsync(NpgsqlConnection connection, Guid candidate, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select outcome, reason, key_id, signature from verifying.answer where candidate_id = $1", connection);
        command.Parameters.AddWithValue(candidate);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Answer(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3))
            : null;
    }

    private static IReadOnlyList<DocumentSignature>? Read(Candidate candidate, Answer answer) => answer.Outcome switch
    {
        Signed => [new DocumentSignature(answer.KeyId!, answer.Signature!)],
        Overtaken => null,
        _ => throw RefusalOf(candidate, answer.Reason, isRepeated: false),
    };

    private static NotCountersignedException RefusalOf(Candidate candidate, string? reason, bool isRepeated) =>
        new($"The verifier refuses version {candidate.Serial} of list {candidate.List}: {reason} Either this publisher or the verifier was tampered with, or their files differ: compare registers, suffix data and programs of both, and look at the ledger before anything is forced."
            + (isRepeated ? " It refused the same several times, and is asked again within five minutes, or as soon as something is decided." : ""), isRepeated);

    private NotCountersignedException Silent(string list) =>
        new($"The verifier did not answer within {options.Value.VerifierSeconds} seconds, and list {list} needs its signature. Look whether \"blocklist verifier\" runs and what its log says; the next look at the schedule tries again.") { IsSilence = true };

    private sealed record Answer(string Outcome, string? Reason, string? KeyId, byte[]? Signature);
}
