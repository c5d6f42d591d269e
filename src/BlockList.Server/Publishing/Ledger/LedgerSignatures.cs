using BlockList.Format.Statements;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// Verifies the signatures of people under rows of the ledger as these come. A signature over a batch is verified when the last
/// row of the batch has come; until then 32 bytes of each are kept.
/// </summary>
internal sealed class LedgerSignatures(RecordedRegisters registers)
{
    private readonly Dictionary<Guid, OpenBatch> open = [];
    private readonly Dictionary<(string Kind, string Credential), (long Sequence, string Sha256)> heads = [];

    /// <summary>Signatures that hold.</summary>
    public long Count { get; private set; }

    /// <exception cref="LedgerBrokenException">A row rests on no signature, or on another than it says.</exception>
    public async Task TakeAsync(NpgsqlConnection connection, IReadOnlyList<CheckedRow> rows, CancellationToken cancellationToken)
    {
        var unknown = rows.Select(r => r.Row.AssertionId).OfType<Guid>().Where(id => !open.ContainsKey(id)).Distinct().ToArray();
        var assertions = await ReceivedDecisions.ReadAssertionsAsync(connection, unknown, cancellationToken, "publishing.ledger_assertion");
        foreach (var next in rows)
        {
            var row = next.Row;
            if (row.AssertionId is not { } id) continue;
            if (!open.TryGetValue(id, out var batch) && !assertions.ContainsKey(id)) throw new LedgerBrokenException(row.Position, "the signature that it names is missing");
            var register = await registers.ReadAsync(row.RegisterVersion ?? 0, cancellationToken);
            if (row.Credential is null || !register.Credentials.TryGetValue(row.Credential, out var credential)) throw new LedgerBrokenException(row.Position, "its credential does not stand in the register that it was taken under");
            Continue(next);
            var assertion = batch?.Assertion ?? assertions[id];
            if (assertion.Form != "batch")
            {
                Require(row.Position, Authenticity.FindProblem(assertion, [row.Statement!], credential, register.RelyingParty));
                continue;
            }
            if (batch is null) open.Add(id, batch = new OpenBatch(assertion, credential, register.RelyingParty, row.Position));
            if (batch.Credential.Id != credential.Id) throw new LedgerBrokenException(row.Position, "it was signed by another credential");
            if (row.Leaf is not { } leaf || !batch.Leaves.TryAdd(leaf, MerkleTree.LeafHash(row.Statement))) throw new LedgerBrokenException(row.Position, "another row has its place in the batch");
            if (batch.Leaves.Count < assertion.Statements) continue;
            open.Remove(id);
            Require(row.Position, batch.FindProblem());
        }
    }

    /// <summary>Batches of which not every statement was taken: what was received beside those stands in the tables of curation.</summary>
    public async Task FinishAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var (id, batch) in open)
        {
            var received = await ReceivedDecisions.ReadBatchAsync(connection, id, cancellationToken);
            for (var leaf = 0; leaf < received.Count; leaf++) batch.Leaves.TryAdd(leaf, MerkleTree.LeafHash(received[leaf]));
            Require(batch.First, batch.FindProblem());
        }
        open.Clear();
    }

    /// <summary>Each credential's statements follow one another, each kind by itself.</summary>
    private void Continue(CheckedRow next)
    {
        var row = next.Row;
        var (id, credential, sequence, previous) = row.Kind switch
        {
            LedgerRow.OfNeverBlock when NeverBlockStatement.Parse(row.Statement) is var s => (s.Id, s.Credential, s.Sequence, s.Previous),
            LedgerRow.OfVersion when VersionStatement.Parse(row.Statement) is var s => (s.Id, s.Credential, s.Sequence, s.Previous),
            _ => (next.Decision!.Id, next.Decision.Credential, next.Decision.Sequence, next.Decision.Previous),
        };
        if (id != row.DecisionId || credential != row.Credential || sequence != row.Sequence) throw new LedgerBrokenException(row.Position, "the row does not belong to its statement");
        var head = heads.GetValueOrDefault((row.Kind, credential));
        if (sequence != head.Sequence + 1 || previous != head.Sha256) throw new LedgerBrokenException(row.Position, "a statement of its credential is missing before it");
        heads[(row.Kind, credential)] = (sequence, row.StatementSha256!);
    }

    private void Require(long position, string? problem)
    {
        if (problem is not null) throw new LedgerBrokenException(position, problem);
        Count++;
    }

    private sealed record OpenBatch(ReceivedAssertion Assertion, RegisteredCredential Credential, RelyingParty RelyingParty, long First)
    {
        /// <summary>Hashes of its statements by their place.</summary>
        public Dictionary<int, byte[]> Leaves { get; } = [];

        public string? FindProblem()
        {
            if (Leaves.Count != Assertion.Statements || Leaves.Keys.Any(leaf => leaf < 0 || leaf >= Leaves.Count)) return "the batch has not as many statements as were signed";
            if (Assertion.Nonce.Length != DecisionChallenge.NonceLength) return "the nonce has a wrong length";
            var challenge = DecisionChallenge.ForBatch(Assertion.Nonce, MerkleTree.RootOfHashes(Enumerable.Range(0, Leaves.Count).Select(leaf => Leaves[leaf])));
            return new Assertion(Assertion.AuthenticatorData, Assertion.ClientData, Assertion.Signature).FindProblem(challenge, RelyingParty, Credential.PublicKey);
        }
    }
}
