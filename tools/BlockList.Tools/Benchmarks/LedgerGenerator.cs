using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Ledger;
using BlockList.Tools.Deployments;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// Makes decisions as people's software passkeys sign them, in batches, and writes them where the publisher keeps those that it
/// took, or where it finds those that it has yet to take. Each entry is proposed by one agency and assessed by another.
/// </summary>
internal sealed class LedgerGenerator(Deployment deployment, TimeProvider clock)
{
    private const int BatchSize = 10_000;

    private readonly LedgerKey key = LedgerKey.Load(deployment.Keys.LedgerKeyFile);
    private readonly DateTimeOffset now = Timestamp.Truncate(clock.GetUtcNow());
    private readonly Dictionary<string, Author> authors = new(StringComparer.Ordinal);
    private readonly List<Batch> batches = [];
    private readonly RegisteredList list = deployment.Keys.ComposeRegister(deployment.Cast, 1).Lists[DevelopmentKeys.WorstOf];
    private long position;
    private byte[] chain = LedgerRow.ChainStart;

    /// <summary>Writes a ledger in which all these entries are decided.</summary>
    /// <returns>The episode of each, in the order of the entries.</returns>
    public async Task<IReadOnlyList<Guid>> FillLedgerAsync(NpgsqlConnection connection, IReadOnlyList<ListedName> entries, CancellationToken cancellationToken)
    {
        var episodes = new List<Guid>(entries.Count);
        var rows = entries.Chunk(BatchSize).SelectMany(chunk => Decided(chunk, episodes)).Select(ToRow);
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);
        await StoreBatchesAsync(connection, "publishing.ledger_assertion", cancellationToken);
        return episodes;
    }

    /// <summary>Writes decisions that the publisher has not seen: new entries, and removals of old ones.</summary>
    public async Task DecideAsync(NpgsqlConnection connection, IReadOnlyList<ListedName> added, IReadOnlyList<(ListedName Name, Guid Episode)> removed, CancellationToken cancellationToken)
    {
        var decisions = added.Chunk(BatchSize).SelectMany(chunk => Decided(chunk, []))
            .Concat(removed.Chunk(BatchSize).SelectMany(chunk => Sign("olav", chunk.Select(r => Blank(DecisionKind.Removal, r.Name) with { Episode = r.Episode })))).ToArray();
        await StoreBatchesAsync(connection, "curation.assertion", cancellationToken);
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy curation.decision (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, met, sighted_at, decided_at, statement, assertion_id, leaf) from stdin (format binary)", cancellationToken);
        foreach (var (statement, bytes, batch, leaf) in decisions)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(statement.Id, NpgsqlDbType.Uuid, cancellationToken);
            foreach (var text in new[] { DecisionStatement.Print(statement.Kind), statement.List, statement.Name.Name.Ascii, statement.Name.Scope == Scope.Host ? "host" : "domain" })
                await writer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Episode, NpgsqlDbType.Uuid, cancellationToken);
            foreach (var text in new[] { statement.Agency, statement.Person, statement.Credential }) await writer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Sequence, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(statement.Previous, NpgsqlDbType.Text, cancellationToken);
            if (statement.Verdicts is null) await writer.WriteNullAsync(cancellationToken);
            else await writer.WriteAsync(true, NpgsqlDbType.Boolean, cancellationToken);
            if (statement.SightedAt is { } sighted) await writer.WriteAsync(sighted, NpgsqlDbType.TimestampTz, cancellationToken);
            else await writer.WriteNullAsync(cancellationToken);
            await writer.WriteAsync(statement.DecidedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellationToken);
            await writer.WriteAsync(batch.Id, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(leaf, NpgsqlDbType.Integer, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);
    }

    /// <summary>A batch of proposals and, by another agency of another country, a batch of assessments.</summary>
    private IEnumerable<Signed> Decided(IReadOnlyCollection<ListedName> entries, List<Guid> episodes)
    {
        var (proposer, second) = (episodes.Count / BatchSize % 3) switch { 0 => ("anna", "bram"), 1 => ("bram", "elise"), _ => ("elise", "cora") };
        var proposals = Sign(proposer, entries.Select(entry => Judged(Blank(DecisionKind.Proposal, entry)) with { SightedAt = now.AddDays(-1 - (entry.Name.Ascii.Length % 60)) }));
        episodes.AddRange(proposals.Select(p => p.Statement.Id));
        return proposals.Concat(Sign(second, proposals.Select(p => Judged(Blank(DecisionKind.Assessment, p.Statement.Name)) with { Episode = p.Statement.Id })));
    }

    private DecisionStatement Judged(DecisionStatement blank) =>
        blank with { CriteriaSha256 = list.Criteria[0].Sha256, Verdicts = new Verdicts(list.Criteria[0].DecidedByCurator.Select(c => KeyValuePair.Create(c, Verdict.Met))) };

    private DecisionStatement Blank(DecisionKind kind, ListedName name)
    {
        var id = Guid.CreateVersion7(now);
        return new DecisionStatement
        {
            Deployment = deployment.Keys.Deployment,
            Id = id,
            Kind = kind,
            List = list.Id,
            Name = name,
            Episode = id,
            Agency = "",
            Person = "",
            Credential = "",
            Sequence = 1,
            Previous = null,
            NoteSha256 = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            DecidedAt = now,
        };
    }

    private Signed[] Sign(string person, IEnumerable<DecisionStatement> statements)
    {
        if (!authors.TryGetValue(person, out var author)) authors.Add(person, author = new Author(deployment.Cast[person]));
        var batch = new Batch(Guid.CreateVersion7(now), author.Person);
        var signed = statements.Select((statement, leaf) =>
        {
            var continued = author.Continue(statement);
            return new Signed(continued.Statement, continued.Bytes, batch, leaf);
        }).ToArray();
        batch.Sign(signed.Select(s => s.Bytes));
        batches.Add(batch);
        return signed;
    }

    private LedgerRow ToRow(Signed signed)
    {
        var row = new LedgerRow
        {
            Position = ++position,
            Kind = LedgerRow.OfDecision,
            Outcome = LedgerRow.Accepted,
            DecisionId = signed.Statement.Id,
            Credential = signed.Statement.Credential,
            Sequence = signed.Statement.Sequence,
            EpisodeId = signed.Statement.Episode,
            List = signed.Statement.List,
            Statement = signed.Bytes,
            StatementSha256 = Hashes.Sha256(signed.Bytes),
            AssertionId = signed.Batch.Id,
            Leaf = signed.Leaf,
            RegisterVersion = 1,
            ReceivedAt = now,
            ChainSha256 = [],
        }.ChainedAfter(chain, key);
        chain = row.ChainSha256;
        return row;
    }

    /// <summary>Those that were signed since the last call.</summary>
    private async Task StoreBatchesAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        var isCuration = table == "curation.assertion";
        foreach (var batch in batches)
        {
            await using var command = new NpgsqlCommand($"insert into {table} (id, form, statements, nonce, authenticator_data, client_data, signature{(isCuration ? ", credential" : "")}) values ($1, 'batch', $2, $3, $4, $5, $6{(isCuration ? ", $7" : "")})", connection);
            command.Parameters.AddWithValue(batch.Id);
            command.Parameters.AddWithValue(batch.Count);
            foreach (var bytes in new[] { batch.Nonce, batch.Assertion.AuthenticatorData, batch.Assertion.ClientDataJson, batch.Assertion.Signature }) command.Parameters.AddWithValue(bytes);
            if (isCuration) command.Parameters.AddWithValue(batch.Person.Credential().Id);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        batches.Clear();
    }

    private sealed record Signed(DecisionStatement Statement, byte[] Bytes, Batch Batch, int Leaf);

    private sealed class Batch(Guid id, DemoPerson person)
    {
        public Guid Id => id;

        public DemoPerson Person => person;

        public int Count { get; private set; }

        public byte[] Nonce { get; } = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);

        public Assertion Assertion { get; private set; } = null!;

        public void Sign(IEnumerable<byte[]> statements)
        {
            using var passkey = person.OpenPasskey();
            var leaves = statements.ToArray();
            Count = leaves.Length;
            Assertion = Assertion.Create(passkey, DecisionChallenge.ForBatch(Nonce, MerkleTree.Root(leaves)), DevelopmentKeys.RelyingParty);
        }
    }

    /// <summary>A person's chain of statements.</summary>
    private sealed class Author(DemoPerson person)
    {
        private readonly string credential = person.Credential().Id;
        private long sequence;
        private string? previous;

        public DemoPerson Person => person;

        public (DecisionStatement Statement, byte[] Bytes) Continue(DecisionStatement blank)
        {
            var statement = blank with { Agency = person.Agency, Person = person.Id, Credential = credential, Sequence = ++sequence, Previous = previous };
            var bytes = statement.ToCanonicalBytes();
            previous = Hashes.Sha256(bytes);
            return (statement, bytes);
        }
    }
}
