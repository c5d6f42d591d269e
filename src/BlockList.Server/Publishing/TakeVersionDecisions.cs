using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Verifies each new word on a held version once and writes it to the ledger, by the same rules as decisions: what is not
/// authentic, or follows a gap, stops its credential; what is authentic and against the rules is recorded without effect.</summary>
internal sealed partial class TakeVersionDecisions(TakeStatements statements, TimeProvider clock, ILogger<TakeVersionDecisions> logger)
{
    /// <summary>Read into memory at once, before any is verified.</summary>
    private const int AtOnce = 1_000;

    /// <summary>Brings <paramref name="state"/> and the ledger up to date. Returns how many were taken.</summary>
    public Task<int> RunAsync(LedgerState state, AgencyRegister register, CancellationToken cancellationToken) =>
        statements.RunAsync(state, register, new StatementSource(StoppedCredentials.Versions, "version-decision.take", AtOnce, credential => state.Versions.HeadOf(credential).Sequence),
            (connection, received) => TakeAsync(connection, received, state, register, cancellationToken), cancellationToken);

    /// <returns>The row, applied; null where its credential is stopped.</returns>
    private async Task<LedgerRow?> TakeAsync(NpgsqlConnection connection, ReceivedStatement word, LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        if (Authenticity.FindFault(word, state.Versions, register, out var statement) is { } fault)
        {
            Log.CredentialStopped(logger, word.Credential, word.Sequence, fault);
            return null;
        }
        var held = (await HeldVersion.ReadAsync(connection, [statement.Held], cancellationToken)).GetValueOrDefault(statement.Held);
        var objection = VersionRules.FindObjection(statement, register.Credentials[word.Credential], held, state, register);
        if (objection is not null) Log.Refused(logger, word.Credential, word.Sequence, objection);
        var now = clock.GetUtcNow();
        var assertion = word.ToAssertion(Guid.CreateVersion7(now));
        await LedgerStore.StoreAssertionAsync(connection, assertion, cancellationToken);
        var row = state.Chain(word.ToRow(LedgerRow.OfVersion, statement.List, objection, assertion.Id, state.Position + 1, register.Version, Timestamp.Truncate(now)), state.ChainSha256);
        state.Apply(row, register);
        return row;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "Credential {Credential} is stopped at its statement {Sequence} about a held version: {Fault}. No such statement of it is taken until someone has looked at publishing.version_decision; what is held stays held.")]
        public static partial void CredentialStopped(ILogger logger, string credential, long sequence, string fault);

        [LoggerMessage(LogLevel.Warning, "Statement {Sequence} of credential {Credential} about a held version has no effect: {Objection}. The page of the held version says so.")]
        public static partial void Refused(ILogger logger, string credential, long sequence, string objection);
    }
}
