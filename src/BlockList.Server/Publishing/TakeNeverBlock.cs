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
    /// <summary>Read into memory at once, before any is verified.</summary>
    private const int AtOnce = 10_000;

    /// <summary>Brings <paramref name="state"/> and the ledger up to date. Returns how many statements were taken.</summary>
    public async Task<int> RunAsync(LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LedgerStore.LockAsync(connection, cancellationToken);
        await LedgerStore.RequireNewestAsync(connection, register, cancellationToken);
        await TakeDecisions.CatchUpAsync(connection, state, register, cancellationToken);
        var (stopped, rows) = (new HashSet<string>(StringComparer.Ordinal), new List<LedgerRow>());
        bool full;
        do
        {
            // Without those of stopped credentials, which would come again each time and leave no room for the others.
            var heads = register.Credentials.Keys.Where(c => !stopped.Contains(c)).ToDictionary(c => c, c => state.NeverBlock.HeadOf(c).Sequence, StringComparer.Ordinal);
            var received = await ReceivedStatement.ReadNewAsync(connection, heads, AtOnce, cancellationToken);
            foreach (var item in received.Where(item => !stopped.Contains(item.Credential)))
            {
                if (await TakeAsync(connection, item, state, register, cancellationToken) is not { } row) stopped.Add(item.Credential);
                else rows.Add(row);
            }
            full = received.Count == AtOnce;
        }
        while (full);
        if (rows.Count == 0) return 0;
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "never-block.take", state.Position.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new() { ["taken"] = rows.Count, ["refused"] = rows.Count(r => r.Outcome == LedgerRow.Refused), ["stopped_credentials"] = stopped.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }

    /// <returns>The row, applied; null where its credential is stopped.</returns>
    private async Task<LedgerRow?> TakeAsync(NpgsqlConnection connection, ReceivedStatement item, LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        var fault = Authenticity.FindFault(item, state.NeverBlock, register, out var statement);
        var objection = fault is null ? state.NeverBlock.FindObjection(statement, register.Credentials[item.Credential]) : null;
        // Only of a statement that has effect: nobody else has a file read and kept.
        if (fault is null && objection is null && statement.FileSha256 is { } file) fault = await TakeFileAsync(connection, file, state.NeverBlock.SiteList?.FileSha256, cancellationToken);
        if (fault is not null)
        {
            Log.CredentialStopped(logger, item.Credential, item.Sequence, fault);
            return null;
        }
        if (objection is not null) Log.Refused(logger, item.Credential, item.Sequence, objection);
        var assertion = Guid.CreateVersion7(clock.GetUtcNow());
        var row = state.Chain(RowOf(item, statement, objection, assertion, state.Position + 1, register.Version, Timestamp.Truncate(clock.GetUtcNow())), state.ChainSha256);
        await StoreAssertionAsync(connection, assertion, item, cancellationToken);
        state.Apply(row, register);
        return row;
    }

    /// <summary>The file was stored with its statement; that it is not there, or another one, is no accident.</summary>
    private async Task<string?> TakeFileAsync(NpgsqlConnection connection, string sha256, string? before, CancellationToken cancellationToken)
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
        var read = SiteFile.Read(content, new NameTable.Builder(), 0);
        if (read.Problem is { } problem) return $"its file is no list of sites: {problem.Message}";
        await using var store = new NpgsqlCommand("""
            insert into publishing.never_block_file (sha256, content, rows) values ($1, $2, $3)
            returning (select rows from publishing.never_block_file where sha256 = $4)
            """, connection);
        store.Parameters.AddWithValue(sha256);
        store.Parameters.AddWithValue(NpgsqlDbType.Bytea, content);
        store.Parameters.AddWithValue(read.Rows);
        store.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)before ?? DBNull.Value);
        // One person replaces the whole list: that nearly all of it is gone, others should see.
        if (await store.ExecuteScalarAsync(cancellationToken) is int had && read.Rows < had * 0.9) Log.Shrunk(logger, had, read.Rows);
        return null;
    }

    private static LedgerRow RowOf(ReceivedStatement item, NeverBlockStatement statement, string? objection, Guid assertion, long position, int registerVersion, DateTimeOffset receivedAt) => new()
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
        // Chosen here: an id that somebody else chose could be that of another signature.
        AssertionId = assertion,
        Leaf = 0,
        RegisterVersion = registerVersion,
        ReceivedAt = receivedAt,
        ChainSha256 = [],
    };

    private static async Task StoreAssertionAsync(NpgsqlConnection connection, Guid id, ReceivedStatement item, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into publishing.ledger_assertion (id, form, statements, nonce, authenticator_data, client_data, signature)
            values ($1, 'decision', 1, $2, $3, $4, $5)
            """, connection);
        command.Parameters.AddWithValue(id);
        foreach (var bytes in new[] { item.Nonce, item.AuthenticatorData, item.ClientData, item.Signature }) command.Parameters.AddWithValue(NpgsqlDbType.Bytea, bytes);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "Credential {Credential} is stopped at its statement {Sequence} about the never-block register: {Fault}. No such statement of it is taken until someone has looked at names.decision and names.file; the register stays as it was taken.")]
        public static partial void CredentialStopped(ILogger logger, string credential, long sequence, string fault);

        [LoggerMessage(LogLevel.Warning, "Statement {Sequence} of credential {Credential} about the never-block register has no effect: {Objection}. The pages show it as if it had; tell the person.")]
        public static partial void Refused(ILogger logger, string credential, long sequence, string objection);

        [LoggerMessage(LogLevel.Critical, "The list of sites of the never-block register was replaced by one that has {Rows} names instead of {Had}. If nobody meant that, a release officer imports the right list again, or retires this one.")]
        public static partial void Shrunk(ILogger logger, int had, int rows);
    }
}
