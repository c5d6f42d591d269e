using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>Verifies each new word on a held version once and writes it to the ledger, by the same rules as decisions: what is not
/// authentic, or follows a gap, stops its credential; what is authentic and against the rules is recorded without effect.</summary>
internal sealed partial class TakeVersionDecisions(NpgsqlDataSource database, TimeProvider clock, ILogger<TakeVersionDecisions> logger)
{
    /// <summary>Nobody says so much between two looks; whatever is more comes with the next.</summary>
    private const int AtOnce = 1_000;

    /// <summary>Brings <paramref name="state"/> and the ledger up to date. Returns how many were taken.</summary>
    public async Task<int> RunAsync(LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LedgerStore.LockAsync(connection, cancellationToken);
        await TakeDecisions.CatchUpAsync(connection, state, register, cancellationToken);
        var (stopped, rows) = (new HashSet<string>(StringComparer.Ordinal), new List<LedgerRow>());
        foreach (var received in await ReadNewAsync(connection, state, register, cancellationToken))
        {
            if (stopped.Contains(received.Credential)) continue;
            if (Authenticity.FindFault(received, state.Versions, register, out var statement) is { } fault)
            {
                stopped.Add(received.Credential);
                Log.CredentialStopped(logger, received.Credential, received.Sequence, fault);
                continue;
            }
            var held = (await HeldVersion.ReadOpenAsync(connection, statement.List, state.Versions, cancellationToken)).Find(h => h.Id == statement.Held);
            var objection = VersionRules.FindObjection(statement, register.Credentials[received.Credential], held, state);
            if (objection is not null) Log.Refused(logger, received.Credential, received.Sequence, objection);
            var assertion = new ReceivedAssertion(Guid.CreateVersion7(clock.GetUtcNow()), "decision", 1, received.Nonce, received.AuthenticatorData, received.ClientData, received.Signature);
            await StoreAssertionAsync(connection, assertion, cancellationToken);
            var row = state.Chain(RowOf(received, statement, objection, assertion.Id, state.Position + 1, register.Version, Timestamp.Truncate(clock.GetUtcNow())), state.ChainSha256);
            rows.Add(row);
            state.Apply(row, register);
        }
        if (rows.Count == 0) return 0;
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "version-decision.take", state.Position.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new() { ["taken"] = rows.Count, ["refused"] = rows.Count(r => r.Outcome == LedgerRow.Refused), ["stopped_credentials"] = stopped.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }

    private static async Task<List<ReceivedStatement>> ReadNewAsync(NpgsqlConnection connection, LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select d.id, d.credential, d.sequence, d.statement, d.nonce, d.authenticator_data, d.client_data, d.signature
            from unnest($1::text[], $2::bigint[]) as head (credential, sequence)
            join publishing.version_decision d on d.credential = head.credential and d.sequence > head.sequence
            order by d.position limit $3
            """, connection);
        var credentials = register.Credentials.Keys.ToArray();
        command.Parameters.AddWithValue(credentials);
        command.Parameters.AddWithValue(credentials.Select(c => state.Versions.HeadOf(c).Sequence).ToArray());
        command.Parameters.AddWithValue(AtOnce);
        return await ReceivedStatement.ReadAsync(command, cancellationToken);
    }

    private static LedgerRow RowOf(ReceivedStatement received, VersionStatement statement, string? objection, Guid assertion, long position, int registerVersion, DateTimeOffset receivedAt) => new()
    {
        Position = position,
        Kind = LedgerRow.OfVersion,
        Outcome = objection is null ? LedgerRow.Accepted : LedgerRow.Refused,
        Reason = objection,
        DecisionId = statement.Id,
        Credential = statement.Credential,
        Sequence = statement.Sequence,
        EpisodeId = null,
        List = statement.List,
        Statement = received.Statement,
        StatementSha256 = Format.Hashes.Sha256(received.Statement),
        // Chosen here: an id that somebody else chose could be that of another signature.
        AssertionId = assertion,
        Leaf = 0,
        RegisterVersion = registerVersion,
        ReceivedAt = receivedAt,
        ChainSha256 = [],
    };

    private static async Task StoreAssertionAsync(NpgsqlConnection connection, ReceivedAssertion assertion, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into publishing.ledger_assertion (id, form, statements, nonce, authenticator_data, client_data, signature)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing
            """, connection);
        command.Parameters.AddWithValue(assertion.Id);
        command.Parameters.AddWithValue(assertion.Form);
        command.Parameters.AddWithValue(assertion.Statements);
        foreach (var bytes in new[] { assertion.Nonce, assertion.AuthenticatorData, assertion.ClientData, assertion.Signature }) command.Parameters.AddWithValue(NpgsqlDbType.Bytea, bytes);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "Credential {Credential} is stopped at its statement {Sequence} about a held version: {Fault}. No such statement of it is taken until someone has looked at publishing.version_decision; what is held stays held.")]
        public static partial void CredentialStopped(ILogger logger, string credential, long sequence, string fault);

        [LoggerMessage(LogLevel.Warning, "Statement {Sequence} of credential {Credential} about a held version has no effect: {Objection}. The page of the held version says so.")]
        public static partial void Refused(ILogger logger, string credential, long sequence, string objection);
    }
}
