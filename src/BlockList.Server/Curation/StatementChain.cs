using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

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

    public string Agency => Credential.Agency;

    public IReadOnlyList<PreparedDecision> Decisions => decisions;

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
