using BlockList.Format.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Criteria;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Curation;

/// <summary>Writes the statements that a person is about to sign, in the order of their credential's chain.</summary>
internal sealed class PrepareDecisions(IDbContextFactory<BlockListDb> contexts, IOptions<RelyingPartyOptions> options, TimeProvider clock)
{
    /// <summary>The proposals of a staged import. Rows that became review tasks are left for review.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForImportAsync(Guid importId, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var import = await db.Imports.AsNoTracking().SingleOrDefaultAsync(i => i.Id == importId, cancellationToken)
            ?? throw new CurationException($"There is no import {importId}.");
        if (import.SubmittedAt is not null) throw new CurationException($"Import {importId} was submitted already. Stage the file again to propose what is new in it.");
        var signer = await SignerAsync(db, import.List, credentialId, cancellationToken);
        if (signer.Credential.Agency != import.Agency) throw new CurationException("The import belongs to another agency.");
        var criteria = await CriteriaAsync(db, import.List, cancellationToken);
        var drafts = await db.Drafts.AsNoTracking().Where(d => d.ImportId == importId && !d.IsReview).OrderBy(d => d.Line).ToListAsync(cancellationToken);
        return Chain(signer, drafts.Select(draft =>
        {
            var id = Guid.CreateVersion7(clock.GetUtcNow());
            var annotation = Annotation.Of(draft.ReferenceType, draft.ReferenceNumber, draft.Note);
            return (annotation, Blank(signer, DecisionKind.Proposal, import.List, Name(draft.Name, draft.Scope), id, id) with
            {
                Verdicts = Judge(criteria, draft.ReadVerdicts()),
                CriteriaSha256 = criteria.Sha256,
                SightedAt = draft.SightedAt,
            });
        }));
    }

    /// <summary>One assessment, with the same verdict on every criterion, for each open episode that the agency has not
    /// voted on; only those of <paramref name="names"/> where it names some.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForReviewAsync(string list, IReadOnlyCollection<string> names, Verdict verdict, DateTimeOffset? sightedAt, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var signer = await SignerAsync(db, list, credentialId, cancellationToken);
        var criteria = await CriteriaAsync(db, list, cancellationToken);
        var agency = signer.Credential.Agency;
        var episodes = await db.Episodes.AsNoTracking()
            .Where(e => e.List == list && e.ClosedAt == null && (names.Count == 0 || names.Contains(e.Name)))
            .Where(e => !db.Decisions.Any(d => d.EpisodeId == e.Id && d.Agency == agency && d.Kind != "sighting"))
            .OrderBy(e => e.Id).ToListAsync(cancellationToken);
        var given = criteria.DecidedByCurator.ToDictionary(criterion => criterion, _ => Verdicts.Print(verdict), StringComparer.Ordinal);
        return Chain(signer, episodes.Select(episode => ((Annotation?)null,
            Blank(signer, DecisionKind.Assessment, list, Name(episode.Name, episode.Scope), Guid.CreateVersion7(clock.GetUtcNow()), episode.Id) with
            {
                Verdicts = Judge(criteria, given),
                CriteriaSha256 = criteria.Sha256,
                SightedAt = sightedAt,
            })));
    }

    /// <summary>A removal, a sighting, or the withdrawal of the agency's own vote, on one open episode.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForEntryAsync(DecisionKind kind, string list, ListedName name, DateTimeOffset? sightedAt, string? note, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var signer = await SignerAsync(db, list, credentialId, cancellationToken);
        var scope = PrintScope(name.Scope);
        var episode = await db.Episodes.AsNoTracking().SingleOrDefaultAsync(e => e.List == list && e.Name == name.Name.Ascii && e.Scope == scope && e.ClosedAt == null, cancellationToken)
            ?? throw new CurationException($"List {list} has no open entry for this name and scope.");
        Guid? supersedes = null;
        if (kind == DecisionKind.Withdrawal)
        {
            var votes = await db.Decisions.AsNoTracking().Where(d => d.EpisodeId == episode.Id && d.Agency == signer.Credential.Agency && (d.Kind == "proposal" || d.Kind == "assessment" || d.Kind == "withdrawal"))
                .Select(d => new { d.Id, d.Supersedes }).ToListAsync(cancellationToken);
            supersedes = votes.SingleOrDefault(v => votes.All(other => other.Supersedes != v.Id))?.Id
                ?? throw new CurationException("Your agency has no vote on this entry that it could withdraw.");
        }
        var annotation = Annotation.Of(null, null, note);
        return Chain(signer,
        [
            (annotation, Blank(signer, kind, list, name, Guid.CreateVersion7(clock.GetUtcNow()), episode.Id) with { SightedAt = sightedAt, Supersedes = supersedes }),
        ]);
    }

    private static List<PreparedDecision> Chain(Signer signer, IEnumerable<(Annotation? Annotation, DecisionStatement Statement)> blanks)
    {
        var (sequence, previous) = signer.Head;
        var decisions = new List<PreparedDecision>();
        foreach (var (annotation, blank) in blanks)
        {
            var statement = blank with { Sequence = ++sequence, Previous = previous, ReferenceSha256 = annotation?.ReferenceSha256, NoteSha256 = annotation?.NoteSha256 };
            var bytes = statement.ToCanonicalBytes();
            previous = Format.Hashes.Sha256(bytes);
            decisions.Add(new PreparedDecision(statement, bytes, annotation));
        }
        return decisions;
    }

    private DecisionStatement Blank(Signer signer, DecisionKind kind, string list, ListedName name, Guid id, Guid episode) => new()
    {
        Deployment = options.Value.Deployment,
        Id = id,
        Kind = kind,
        List = list,
        Name = name,
        Episode = episode,
        Agency = signer.Credential.Agency,
        Person = signer.Credential.Person,
        Credential = signer.Credential.Id,
        Sequence = 0,
        Previous = null,
        DecidedAt = Timestamp.Truncate(clock.GetUtcNow()),
    };

    private static async Task<Signer> SignerAsync(BlockListDb db, string list, string credentialId, CancellationToken cancellationToken)
    {
        var credential = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == credentialId, cancellationToken)
            ?? throw new CurationException("This passkey is not registered to anyone.");
        if (await NationalLists.FindObjectionAsync(db, list, credential.Agency, cancellationToken) is { } objection) throw new CurationException(objection);
        var head = await db.Decisions.AsNoTracking().Where(d => d.Credential == credentialId).OrderByDescending(d => d.Sequence)
            .Select(d => new { d.Sequence, d.StatementSha256 }).FirstOrDefaultAsync(cancellationToken);
        return new Signer(credential, (head?.Sequence ?? 0, head?.StatementSha256));
    }

    public static async Task<CriteriaVersion> CriteriaAsync(BlockListDb db, string list, CancellationToken cancellationToken) =>
        await db.CriteriaVersions.AsNoTracking().Where(v => v.List == list).OrderByDescending(v => v.Version).FirstOrDefaultAsync(cancellationToken)
            ?? throw new CurationException($"List {list} has no criteria to assess by.");

    /// <summary>What nobody said of a criterion is not determined.</summary>
    private static Verdicts Judge(CriteriaVersion criteria, Dictionary<string, string> given) =>
        new(criteria.DecidedByCurator.Select(criterion => KeyValuePair.Create(criterion,
            Verdicts.TryParse(given.GetValueOrDefault(criterion), out var verdict) ? verdict : Verdict.Unknown)));

    public static string PrintScope(Scope scope) => scope == Scope.Host ? "host" : "domain";

    private static ListedName Name(string name, string scope) => DomainName.TryParseCanonical(name, out var parsed)
        ? new ListedName(parsed, scope == "host" ? Scope.Host : Scope.Domain)
        : throw new InvalidOperationException("a stored name is not canonical");

    private sealed record Signer(Credential Credential, (long Sequence, string? Sha256) Head);
}
