using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Names.Register;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>
/// Verifies each new statement about the never-block register once and writes it to the ledger, by the same rules as
/// decisions: what is not authentic, a gap or a file that is not the one that was signed stops its credential; what is
/// authentic and against the rules is recorded without effect. The file of an import is copied, so that nobody who writes to
/// the tables it came from can take it away later.
/// </summary>
internal sealed partial class TakeNeverBlock(NpgsqlDataSource database, TimeProvider clock, ILogger<TakeNeverBlock> logger)
{
    /// <summary>Brings <paramref name="state"/> and the ledger up to date. Returns how many statements were taken.</summary>
    public async Task<int> RunAsync(LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LedgerStore.LockAsync(connection, cancellationToken);
        await TakeDecisions.CatchUpAsync(connection, state, register, cancellationToken);
        var received = await ReadNewAsync(connection, register.Credentials.Keys.ToDictionary(c => c, c => state.NeverBlock.HeadOf(c).Sequence, StringComparer.Ordinal), cancellationToken);
        if (received.Count == 0) return 0;
        var stopped = new HashSet<string>(StringComparer.Ordinal);
        var rows = new List<LedgerRow>(received.Count);
        var receivedAt = Timestamp.Truncate(clock.GetUtcNow());
        foreach (var item in received.Where(item => !stopped.Contains(item.Credential)))
        {
            var fault = FindFault(item, state.NeverBlock, register, out var statement);
            if (fault is null && statement.FileSha256 is { } file) fault = await TakeFileAsync(connection, file, cancellationToken);
            if (fault is not null)
            {
                stopped.Add(item.Credential);
                Log.CredentialStopped(logger, item.Credential, item.Sequence, fault);
                continue;
            }
            var objection = state.NeverBlock.FindObjection(statement, register.Credentials[item.Credential]);
            var row = state.Chain(RowOf(item, statement, objection, state.Position + 1, register.Version, receivedAt), state.ChainSha256);
            await StoreAssertionAsync(connection, item, cancellationToken);
            rows.Add(row);
            state.Apply(row, register);
        }
        if (rows.Count == 0) return 0;
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "never-block.take", state.Position.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new() { ["taken"] = rows.Count, ["refused"] = rows.Count(r => r.Outcome == LedgerRow.Refused), ["stopped_credentials"] = stopped.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }

    private static string? FindFault(Received item, NeverBlockState state, AgencyRegister register, out NeverBlockStatement statement)
    {
        statement = null!;
        var credential = register.Credentials[item.Credential];
        if (item.Nonce.Length != DecisionChallenge.NonceLength) return "the nonce has a wrong length";
        if (new Assertion(item.AuthenticatorData, item.ClientData, item.Signature).FindProblem(DecisionChallenge.ForStatement(item.Nonce, item.Statement), register.RelyingParty, credential.PublicKey) is { } problem)
            return problem;
        try
        {
            statement = NeverBlockStatement.Parse(item.Statement);
        }
        catch (MalformedDocumentException malformed)
        {
            return malformed.Message;
        }
        var (sequence, sha256) = state.HeadOf(item.Credential);
        if (statement.Id != item.Id || statement.Credential != item.Credential || statement.Sequence != item.Sequence) return "the row does not belong to its statement";
        if (statement.Deployment != register.Deployment) return "it was signed for another deployment";
        if (statement.Agency != credential.Agency || statement.Person != credential.Person) return "the credential belongs to another person or agency";
        if (statement.Sequence != sequence + 1) return $"statement {sequence + 1} of the credential is missing";
        return statement.Previous != sha256 ? "the statement before was changed" : null;
    }

    /// <summary>The file was stored with its statement; that it is not there, or another one, is no accident.</summary>
    private static async Task<string?> TakeFileAsync(NpgsqlConnection connection, string sha256, CancellationToken cancellationToken)
    {
        await using (var known = new NpgsqlCommand("select exists (select from publishing.never_block_file where sha256 = $1)", connection))
        {
            known.Parameters.AddWithValue(sha256);
            if ((bool)(await known.ExecuteScalarAsync(cancellationToken))!) return null;
        }
        await using var find = new NpgsqlCommand("select content from names.file where sha256 = $1", connection);
        find.Parameters.AddWithValue(sha256);
        if (await find.ExecuteScalarAsync(cancellationToken) is not byte[] content) return "its file is missing";
        if (Hashes.Sha256(content) != sha256) return "its file was changed";
        if (SiteFile.Read(content, new NameTable.Builder(), 0).Problem is { } problem) return $"its file is no list of sites: {problem.Message}";
        await using var store = new NpgsqlCommand("insert into publishing.never_block_file (sha256, content) values ($1, $2)", connection);
        store.Parameters.AddWithValue(sha256);
        store.Parameters.AddWithValue(NpgsqlDbType.Bytea, content);
        await store.ExecuteNonQueryAsync(cancellationToken);
        return null;
    }

    private static LedgerRow RowOf(Received item, NeverBlockStatement statement, string? objection, long position, int registerVersion, DateTimeOffset receivedAt) => new()
    {
        Position = position,
        Kind = LedgerRow.OfNeverBlock,
        Outcome = objection is null ? LedgerRow.Accepted : LedgerRow.Refused,
        Reason = objection,
        DecisionId = statement.Id,
        Credential = statement.Credential,
        Sequence = statement.Sequence,
        EpisodeId = null,
        List = null,
        Statement = item.Statement,
        StatementSha256 = Hashes.Sha256(item.Statement),
        AssertionId = statement.Id,
        Leaf = 0,
        RegisterVersion = registerVersion,
        ReceivedAt = receivedAt,
        ChainSha256 = [],
    };

    private static async Task StoreAssertionAsync(NpgsqlConnection connection, Received item, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into publishing.ledger_assertion (id, form, statements, nonce, authenticator_data, client_data, signature)
            values ($1, 'decision', 1, $2, $3, $4, $5) on conflict (id) do nothing
            """, connection);
        command.Parameters.AddWithValue(item.Id);
        foreach (var bytes in new[] { item.Nonce, item.AuthenticatorData, item.ClientData, item.Signature }) command.Parameters.AddWithValue(NpgsqlDbType.Bytea, bytes);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>By credential and sequence, not by position: a row whose transaction committed late is not missed.</summary>
    private static async Task<List<Received>> ReadNewAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, long> heads, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select d.id, d.credential, d.sequence, d.statement, d.nonce, d.authenticator_data, d.client_data, d.signature
            from unnest($1::text[], $2::bigint[]) as head (credential, sequence)
            join names.decision d on d.credential = head.credential and d.sequence > head.sequence
            order by d.position
            """, connection);
        command.Parameters.AddWithValue(heads.Keys.ToArray());
        command.Parameters.AddWithValue(heads.Values.ToArray());
        var received = new List<Received>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            received.Add(new Received(reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3),
                reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<byte[]>(7)));
        }
        return received;
    }

    /// <summary>Nothing in it is believed before its signature was checked.</summary>
    private sealed record Received(Guid Id, string Credential, long Sequence, byte[] Statement, byte[] Nonce, byte[] AuthenticatorData, byte[] ClientData, byte[] Signature);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "Credential {Credential} is stopped at its statement {Sequence} about the never-block register: {Fault}. No such statement of it is taken until someone has looked at names.decision and names.file; the register stays as it was taken.")]
        public static partial void CredentialStopped(ILogger logger, string credential, long sequence, string fault);
    }
}
