using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>
/// First step of publishing: verifies each new decision once and writes it to the ledger. From then on the tables it
/// came from do not matter. A decision that is not authentic is never taken; it, a gap or a regress stops its
/// credential until someone has looked. One that is authentic but against the rules is recorded without effect.
/// </summary>
internal sealed partial class TakeDecisions(NpgsqlDataSource database, StoppedCredentials stoppedCredentials, IOptions<PublishingOptions> options, TimeProvider clock, ILogger<TakeDecisions> logger)
{
    /// <summary>Brings <paramref name="state"/> and the ledger up to date. Returns how many decisions were taken.</summary>
    public async Task<int> RunAsync(LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        using var step = PublishTrace.Start(PublishTrace.Take);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LedgerStore.LockAsync(connection, cancellationToken);
        await LedgerStore.RequireNewestAsync(connection, register, cancellationToken);
        await CatchUpAsync(connection, state, register, cancellationToken);
        await RequireWholeAsync(connection, state, cancellationToken);
        var stopped = new HashSet<string>(StringComparer.Ordinal);
        var (most, taken, refused) = (options.Value.TakeAtOnce, 0, 0);
        bool full;
        do
        {
            // Without those of stopped credentials, which would come again each time and leave no room for the others.
            var heads = register.Credentials.Keys.Where(c => !stopped.Contains(c)).ToDictionary(c => c, c => state.HeadOf(c).Sequence, StringComparer.Ordinal);
            var received = await ReceivedDecisions.ReadNewAsync(connection, heads, most, cancellationToken);
            var rows = await TakeAsync(connection, received, stopped, state, register, cancellationToken);
            taken += rows.Count;
            refused += rows.Count(r => r.Outcome == LedgerRow.Refused);
            full = received.Count == most;
        }
        while (full);
        await stoppedCredentials.SettleAsync(StoppedCredentials.Decisions, stopped, cancellationToken);
        if (taken == 0) return 0;
        await AuditLog.AppendAsync(connection, "publisher", "ledger.take", state.Position.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new() { ["taken"] = taken, ["refused"] = refused, ["stopped_credentials"] = stopped.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return taken;
    }

    private async Task<List<LedgerRow>> TakeAsync(NpgsqlConnection connection, List<ReceivedDecision> received, HashSet<string> stopped, LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        var rows = new List<LedgerRow>(received.Count);
        if (received.Count == 0) return rows;
        var assertions = await VerifyAssertionsAsync(connection, received, register, cancellationToken);
        var receivedAt = Timestamp.Truncate(clock.GetUtcNow());
        foreach (var decision in received)
        {
            if (stopped.Contains(decision.Credential)) continue;
            if (FindFault(decision, assertions, state, register, out var statement) is { } fault)
            {
                stopped.Add(decision.Credential);
                Log.CredentialStopped(logger, decision.Credential, decision.Sequence, fault);
                continue;
            }
            // Its proposal stands behind a stopped credential, most likely. Refusing the decision now would lose it for good, and
            // waiting with it would stop this credential too.
            var isEarly = state.IsEarly(statement);
            if (isEarly) Log.DecisionWaits(logger, decision.Credential, decision.Sequence);
            var objection = DecisionRules.FindObjection(statement, register.Credentials[statement.Credential], state, register, receivedAt, isEarly);
            var row = RowOf(decision, statement, objection, state.Position + 1, register.Version, receivedAt);
            row = state.Chain(row, state.ChainSha256);
            rows.Add(row);
            state.Apply(row, register);
        }
        if (rows.Count == 0) return rows;
        foreach (var assertion in rows.Select(r => assertions[r.AssertionId!.Value].Assertion).DistinctBy(a => a.Id)) await LedgerStore.StoreAssertionAsync(connection, assertion, cancellationToken);
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);
        return rows;
    }

    /// <summary>Replays what other processes wrote since this one looked last.</summary>
    public static async Task CatchUpAsync(NpgsqlConnection connection, LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        using var step = PublishTrace.Start(PublishTrace.CatchUp);
        try
        {
            await state.CatchUpAsync(connection, register, cancellationToken);
        }
        catch (MalformedDocumentException unreadable)
        {
            throw new LedgerBrokenException(state.Position + 1, $"a row cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>A chain that was cut at its end still holds; the versions that rest on the missing rows tell.</summary>
    private static async Task RequireWholeAsync(NpgsqlConnection connection, LedgerState state, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select max(ledger_position) from publishing.version", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is long published && published > state.Position)
            throw new LedgerBrokenException(state.Position + 1, "rows are missing at its end");
    }

    private static async Task<Dictionary<Guid, VerifiedAssertion>> VerifyAssertionsAsync(NpgsqlConnection connection, List<ReceivedDecision> received, AgencyRegister register, CancellationToken cancellationToken)
    {
        using var step = PublishTrace.Start(PublishTrace.VerifySignatures);
        var verified = new Dictionary<Guid, VerifiedAssertion>();
        // A batch is one credential's. Were another's statement slipped into it, it would stand there under a signature
        // that is not its own: FindFault compares each decision with the credential that the batch was verified for.
        var credentialOf = received.DistinctBy(d => d.AssertionId).ToDictionary(d => d.AssertionId, d => d.Credential);
        var assertions = await ReceivedDecisions.ReadAssertionsAsync(connection, [.. credentialOf.Keys], cancellationToken);
        foreach (var (id, assertion) in assertions)
        {
            var statements = await ReceivedDecisions.ReadBatchAsync(connection, id, cancellationToken);
            var problem = Authenticity.FindProblem(assertion, statements, register.Credentials[credentialOf[id]], register.RelyingParty);
            verified.Add(id, new VerifiedAssertion(assertion, credentialOf[id], problem));
        }
        return verified;
    }

    private static string? FindFault(ReceivedDecision decision, Dictionary<Guid, VerifiedAssertion> assertions, LedgerState state, AgencyRegister register, out DecisionStatement statement)
    {
        statement = null!;
        if (!assertions.TryGetValue(decision.AssertionId, out var assertion)) return "its assertion is missing";
        if (assertion.Problem is { } problem) return problem;
        return assertion.Credential != decision.Credential
            ? "it was signed by another credential"
            : Authenticity.FindFault(decision, state, register, out statement);
    }

    private static LedgerRow RowOf(ReceivedDecision decision, DecisionStatement statement, string? objection, long position, int registerVersion, DateTimeOffset receivedAt) => new()
    {
        Position = position,
        Kind = LedgerRow.OfDecision,
        Outcome = objection is null ? LedgerRow.Accepted : LedgerRow.Refused,
        Reason = objection,
        DecisionId = statement.Id,
        Credential = statement.Credential,
        Sequence = statement.Sequence,
        EpisodeId = statement.Episode,
        List = statement.List,
        Statement = decision.Statement,
        StatementSha256 = Hashes.Sha256(decision.Statement),
        AssertionId = decision.AssertionId,
        Leaf = decision.Leaf,
        RegisterVersion = registerVersion,
        ReceivedAt = receivedAt,
        ChainSha256 = [],
    };

    private sealed record VerifiedAssertion(ReceivedAssertion Assertion, string Credential, string? Problem);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Statement {Sequence} of credential {Credential} waits: the proposal it refers to was not taken yet.")]
        public static partial void DecisionWaits(ILogger logger, string credential, long sequence);

        [LoggerMessage(LogLevel.Critical, "Credential {Credential} is stopped at its statement {Sequence}: {Fault}. No decision of it is taken until someone has looked at curation.decision; what is published stays.")]
        public static partial void CredentialStopped(ILogger logger, string credential, long sequence, string fault);
    }
}
