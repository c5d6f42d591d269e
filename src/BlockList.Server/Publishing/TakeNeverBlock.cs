using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Names.Register;
using BlockList.Server.Publishing.Alarms;
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
internal sealed partial class TakeNeverBlock(TakeStatements statements, TimeProvider clock, ILogger<TakeNeverBlock> logger)
{
    /// <summary>Read into memory at once, before any is verified.</summary>
    private const int AtOnce = 10_000;

    /// <summary>Brings <paramref name="state"/> and the ledger up to date. Returns how many were taken.</summary>
    public Task<int> RunAsync(LedgerState state, AgencyRegister register, CancellationToken cancellationToken) =>
        statements.RunAsync(state, register, new StatementSource(StoppedCredentials.NeverBlock, "never-block.take", AtOnce, credential => state.NeverBlock.HeadOf(credential).Sequence),
            (connection, received) => TakeAsync(connection, received, state, register, cancellationToken), cancellationToken);

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
        var now = clock.GetUtcNow();
        var assertion = item.ToAssertion(Guid.CreateVersion7(now));
        await LedgerStore.StoreAssertionAsync(connection, assertion, cancellationToken);
        var row = state.Chain(item.ToRow(LedgerRow.OfNeverBlock, null, objection, assertion.Id, state.Position + 1, register.Version, Timestamp.Truncate(now)), state.ChainSha256);
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
