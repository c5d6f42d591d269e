using BlockList.Format.Json;
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
        return new VerifyRows(assertions, batches, await HeldVersion.ReadAsync(connection, rows.Select(HeldOf).OfType<Guid>(), cancellationToken));
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
        return Compare(row, DecisionRules.FindObjection(statement, credential, state, register, row.ReceivedAt, state.IsEarly(statement)));
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
        return statement.List != row.List ? "the row does not belong to its statement" : Compare(row, VersionRules.FindObjection(statement, credential, held.GetValueOrDefault(statement.Held), state, register));
    }

    private static ReceivedStatement Received(LedgerRow row, ReceivedAssertion assertion) =>
        new(row.DecisionId!.Value, row.Credential!, row.Sequence!.Value, row.Statement!, assertion.Nonce, assertion.AuthenticatorData, assertion.ClientData, assertion.Signature);

    /// <summary>What a word names by its signature: the columns beside it are the publisher's to read and nobody's word.</summary>
    private static Guid? HeldOf(LedgerRow row)
    {
        try
        {
            return row is { Kind: LedgerRow.OfVersion, Statement: not null } ? VersionStatement.Parse(row.Statement).Held : null;
        }
        catch (MalformedDocumentException)
        {
            // Its row is refused for that, when its turn comes.
            return null;
        }
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
