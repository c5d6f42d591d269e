using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>The statements of one credential, from the last one that was received on.</summary>
internal sealed class StatementChain
{
    private readonly string deployment;
    private readonly TimeProvider clock;
    private readonly List<PreparedDecision> decisions = [];
    private long sequence;
    private string? previous;

    private StatementChain(Credential credential, long sequence, string? previous, string deployment, TimeProvider clock) =>
        (Credential, this.sequence, this.previous, this.deployment, this.clock) = (credential, sequence, previous, deployment, clock);

    public Credential Credential { get; }

    /// <exception cref="CurationException">The person belongs to none.</exception>
    public string Agency => Credential.Agency ?? throw new CurationException("People of no agency decide about complaints only. A curator or release officer of an agency has to do this.");

    public IReadOnlyList<PreparedDecision> Decisions => decisions;

    /// <summary>The same inside a transaction, which may have stored statements of the credential already.</summary>
    public static async Task<StatementChain> ContinueAsync(NpgsqlConnection connection, Credential credential, string deployment, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select sequence, statement_sha256 from curation.decision where credential = $1 order by sequence desc limit 1", connection);
        command.Parameters.AddWithValue(credential.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StatementChain(credential, reader.GetInt64(0), reader.GetString(1), deployment, clock)
            : new StatementChain(credential, 0, null, deployment, clock);
    }

    public static async Task<StatementChain> ContinueAsync(BlockListDb db, string credentialId, string deployment, TimeProvider clock, CancellationToken cancellationToken)
    {
        var credential = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == credentialId, cancellationToken)
            ?? throw new CurationException("This passkey is not registered to anyone.");
        var head = await db.Decisions.AsNoTracking().Where(d => d.Credential == credentialId).OrderByDescending(d => d.Sequence)
            .Select(d => new { d.Sequence, d.StatementSha256 }).FirstOrDefaultAsync(cancellationToken);
        return new StatementChain(credential, head?.Sequence ?? 0, head?.StatementSha256, deployment, clock);
    }

    /// <summary>Adds a statement; <paramref name="fill"/> says what its kind says beyond its entry.</summary>
    public void Add(DecisionKind kind, string list, ListedName name, Guid? episode, Annotation? annotation, Func<DecisionStatement, DecisionStatement> fill)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var statement = fill(new DecisionStatement
        {
            Deployment = deployment,
            Id = id,
            Kind = kind,
            List = list,
            Name = name,
            Episode = episode ?? id,
            Agency = Credential.Agency,
            Person = Credential.Person,
            Credential = Credential.Id,
            Sequence = ++sequence,
            Previous = previous,
            ReferenceSha256 = annotation?.ReferenceSha256,
            NoteSha256 = annotation?.NoteSha256,
            DecidedAt = Timestamp.Truncate(clock.GetUtcNow()),
        });
        var bytes = statement.ToCanonicalBytes();
        previous = Hashes.Sha256(bytes);
        decisions.Add(new PreparedDecision(statement, bytes, annotation));
    }
}
