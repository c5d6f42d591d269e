using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// Judges rows of the publisher's ledger by what they rest on: the person's own signature, their place in the credential's
/// sequence, and the rules that say whether the decision has effect. The publisher's word, its chain included, plays no part.
/// </summary>
internal sealed class VerifyRows
{
    private readonly Dictionary<Guid, ReceivedAssertion> assertions;
    private readonly Dictionary<Guid, List<byte[]>> batches;
    private readonly Dictionary<Guid, (string Credential, string? Problem)> verified = [];

    private readonly Dictionary<Guid, HeldVersion> held;

    private VerifyRows(Dictionary<Guid, ReceivedAssertion> assertions, Dictionary<Guid, List<byte[]>> batches, Dictionary<Guid, HeldVersion> held)
    {
        this.assertions = assertions;
        this.batches = batches;
        this.held = held;
    }

    /// <summary>Reads the signatures that some rows rest on, and of each batch the statements that stand beside theirs.</summary>
    public static async Task<VerifyRows> PrepareAsync(NpgsqlConnection connection, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.AssertionId).OfType<Guid>().Distinct().ToArray();
        var assertions = await ReceivedDecisions.ReadAssertionsAsync(connection, ids, cancellationToken, "publishing.ledger_assertion");
        var batches = new Dictionary<Guid, List<byte[]>>();
        foreach (var (id, assertion) in assertions)
            if (assertion.Form == "batch") batches.Add(id, await ReceivedDecisions.ReadBatchAsync(connection, id, cancellationToken));
        // What the ledger has counts: later changes of the tables it came from change nothing.
        foreach (var row in rows)
            if (row.AssertionId is { } id && batches.TryGetValue(id, out var batch) && row.Leaf is { } leaf && leaf >= 0 && leaf < batch.Count) batch[leaf] = row.Statement!;
        return new VerifyRows(assertions, batches, await ReadHeldAsync(connection, rows, cancellationToken));
    }

    /// <summary>Why a row of a decision, or about the never-block register, should not stand as it does; or null.</summary>
    /// <param name="row">The next row after <paramref name="state"/>.</param>
    /// <param name="state">All rows before.</param>
    /// <param name="register">The one that the row says it was taken under.</param>
    public string? FindObjection(LedgerRow row, LedgerState state, AgencyRegister register)
    {
        if (row is not { Credential: not null, Sequence: not null, Leaf: not null, Statement: not null, StatementSha256: not null }) return "it is incomplete";
        if (!register.Credentials.TryGetValue(row.Credential, out var credential)) return "its credential does not stand in the register";
        if (!assertions.TryGetValue(row.AssertionId!.Value, out var assertion)) return "the signature that it names is missing";
        return row.Kind switch
        {
            LedgerRow.OfDecision => OfDecision(row, assertion, state, register, credential),
            LedgerRow.OfNeverBlock => OfNeverBlock(row, assertion, state, register, credential),
            LedgerRow.OfVersion => OfVersion(row, assertion, state, register, credential),
            _ => "the verifier knows no row of this kind",
        };
    }

    private string? OfDecision(LedgerRow row, ReceivedAssertion assertion, LedgerState state, AgencyRegister register, RegisteredCredential credential)
    {
        if (FindProblem(row, assertion, register, credential) is { } problem) return problem;
        var decision = new ReceivedDecision(row.DecisionId!.Value, row.Credential!, row.Sequence!.Value, row.Statement!, row.AssertionId!.Value, row.Leaf!.Value);
        if (Authenticity.FindFault(decision, state, register, out var statement) is { } fault) return fault;
        if (statement.Episode != row.EpisodeId || statement.List != row.List) return "the row does not belong to its statement";
        // While no proposal was taken, the publisher may find one that waits behind a stopped credential, or find none: the
        // tables, where that stood, may have changed since. It makes no difference before the proposal is taken.
        var isEarly = statement.Kind != DecisionKind.Proposal && state.MayYetOpen(statement.Episode);
        var objection = DecisionRules.FindObjection(statement, credential, state, register, row.ReceivedAt, isEarly);
        if (isEarly && objection is null) return null;
        return Compare(row, objection);
    }

    private static string? OfNeverBlock(LedgerRow row, ReceivedAssertion assertion, LedgerState state, AgencyRegister register, RegisteredCredential credential)
    {
        if (assertion.Form != "decision") return "a statement about the never-block register is signed by itself";
        return Authenticity.FindFault(Received(row, assertion), state.NeverBlock, register, out var statement) ?? Compare(row, state.NeverBlock.FindObjection(statement, credential));
    }

    private string? OfVersion(LedgerRow row, ReceivedAssertion assertion, LedgerState state, AgencyRegister register, RegisteredCredential credential)
    {
        if (assertion.Form != "decision") return "a word on a held version is signed by itself";
        if (Authenticity.FindFault(Received(row, assertion), state.Versions, register, out var statement) is { } fault) return fault;
        return statement.List != row.List ? "the row does not belong to its statement" : Compare(row, VersionRules.FindObjection(statement, credential, held.GetValueOrDefault(statement.Held), state));
    }

    private static ReceivedStatement Received(LedgerRow row, ReceivedAssertion assertion) =>
        new(row.DecisionId!.Value, row.Credential!, row.Sequence!.Value, row.Statement!, assertion.Nonce, assertion.AuthenticatorData, assertion.ClientData, assertion.Signature);

    /// <summary>The changes that people gave their word on. The statement names each by its hash, whoever keeps the row.</summary>
    private static async Task<Dictionary<Guid, HeldVersion>> ReadHeldAsync(NpgsqlConnection connection, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        var held = new Dictionary<Guid, HeldVersion>();
        var decisions = rows.Where(row => row.Kind == LedgerRow.OfVersion).Select(row => row.DecisionId!.Value).ToArray();
        if (decisions.Length == 0) return held;
        await using var command = new NpgsqlCommand("select h.id, h.gates, h.change from publishing.held h where h.id in (select held_id from publishing.version_decision where id = any ($1))", connection);
        command.Parameters.AddWithValue(decisions);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, change) = (reader.GetGuid(0), reader.GetFieldValue<byte[]>(2));
            held.Add(id, new HeldVersion(id, GateText.Parse(reader.GetFieldValue<string[]>(1)), Delta.Parse(change), Hashes.Sha256(change), null, null));
        }
        return held;
    }

    private static string? Compare(LedgerRow row, string? objection) => (row.Outcome == LedgerRow.Accepted) == (objection is null) ? null
        : objection is null ? "it was refused, and nothing speaks against it" : $"it was accepted, although {objection}";

    private string? FindProblem(LedgerRow row, ReceivedAssertion assertion, AgencyRegister register, RegisteredCredential credential)
    {
        if (assertion.Form != "batch") return Authenticity.FindProblem(assertion, [row.Statement!], credential, register.RelyingParty);
        var statements = batches[assertion.Id];
        if (row.Leaf is not { } leaf || leaf < 0 || leaf >= statements.Count || !statements[leaf].AsSpan().SequenceEqual(row.Statement)) return "the batch has no such statement in its place";
        if (!verified.TryGetValue(assertion.Id, out var known))
            verified.Add(assertion.Id, known = (credential.Id, Authenticity.FindProblem(assertion, statements, credential, register.RelyingParty)));
        return known.Credential == credential.Id ? known.Problem : "it was signed by another credential";
    }
}
