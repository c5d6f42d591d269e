using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Names.Register;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Curation;

/// <summary>Writes the statements that a person is about to sign, in the order of their credential's chain. What stands
/// against a decision is said here, before anyone is asked to sign; whoever receives it asks again.</summary>
internal sealed class PrepareDecisions(IDbContextFactory<BlockListDb> contexts, CurrentGuard guards, MeasureBlast blast, IOptions<RelyingPartyOptions> options, TimeProvider clock)
{
    /// <summary>The proposals of a staged import. Rows that became review tasks are left for review.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForImportAsync(Guid importId, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var import = await db.Imports.AsNoTracking().SingleOrDefaultAsync(i => i.Id == importId, cancellationToken)
            ?? throw new CurationException($"There is no import {importId}.");
        if (import.SubmittedAt is not null) throw new CurationException($"Import {importId} was submitted already. Stage the file again to propose what is new in it.");
        var chain = await ChainAsync(db, import.List, credentialId, cancellationToken);
        if (chain.Agency != import.Agency) throw new CurationException("The import belongs to another agency.");
        var criteria = await CriteriaAsync(db, import.List, cancellationToken);
        var drafts = await db.Drafts.AsNoTracking().Where(d => d.ImportId == importId && !d.IsReview).OrderBy(d => d.Line).ToListAsync(cancellationToken);
        var names = drafts.ConvertAll(draft => NameOf(draft.Name, draft.Scope));
        foreach (var (draft, name, radius) in drafts.Zip(names, await blast.RunAsync(names, cancellationToken)))
        {
            chain.Add(DecisionKind.Proposal, import.List, name, null, Annotation.Of(draft.ReferenceType, draft.ReferenceNumber, draft.Note), blank => blank with
            {
                Blast = radius,
                Verdicts = Judge(criteria, draft.ReadVerdicts()),
                CriteriaSha256 = criteria.Sha256,
                SightedAt = draft.SightedAt,
            });
        }
        return chain.Decisions;
    }

    /// <summary>The proposal of one name, as it was typed.</summary>
    /// <exception cref="CurationException">It cannot be proposed; why, and what to do.</exception>
    public async Task<IReadOnlyList<PreparedDecision>> ForProposalAsync(ProposalRequest request, string credentialId, CancellationToken cancellationToken)
    {
        if (!DomainName.TryParse(request.TypedName, out var name, out var problem)) throw new CurationException($"{problem.Message} {problem.Fix}");
        if ((await guards.ReadAsync(cancellationToken)).Check(name, request.Scope).Objection is { } unfit) throw new CurationException($"{unfit.Message} {unfit.Fix}");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var chain = await ChainAsync(db, request.List, credentialId, cancellationToken);
        var (criteria, lease) = (await CriteriaAsync(db, request.List, cancellationToken), await LeaseAsync(db, request.List, cancellationToken));
        RequireSighting(request.SightedAt);
        if (request.SightedAt.AddMonths(lease) <= clock.GetUtcNow())
            throw new CurationException($"The sighting is older than {lease} months, so the entry would lapse at once. Have a person look again, and write the new time.");
        var (scope, now, agency) = (PrintScope(request.Scope), clock.GetUtcNow(), chain.Agency);
        var open = await db.Episodes.AsNoTracking().Where(e => e.List == request.List && e.Name == name.Ascii && e.Scope == scope && e.ClosedAt == null && e.LapsesAt > now)
            .Select(e => new { e.Id, HasVoted = db.Decisions.Any(d => d.EpisodeId == e.Id && d.Agency == agency && (d.Kind == "proposal" || d.Kind == "assessment" || d.Kind == "withdrawal")) }).SingleOrDefaultAsync(cancellationToken);
        // Neither sentence says who proposed it or when: the second review is blind.
        if (open is { HasVoted: true }) throw new CurationException($"Your agency has voted on this entry of {request.List} already. Open it to record a new sighting or to change the vote.");
        if (open is not null) throw new CurationException($"This name is an entry of {request.List} already and waits for your agency's assessment. Open it and assess it there; what you typed can stand in its note.");
        var radius = await blast.RunAsync(new ListedName(name, request.Scope), cancellationToken);
        chain.Add(DecisionKind.Proposal, request.List, new ListedName(name, request.Scope), null, request.Judgement.ReadAnnotation(), blank => blank with
        {
            Blast = radius,
            Verdicts = Judge(criteria, request.Judgement),
            CriteriaSha256 = criteria.Sha256,
            SightedAt = request.SightedAt,
        });
        return chain.Decisions;
    }

    /// <summary>The assessment of one open entry; it replaces the agency's own earlier vote, if that is the one the form showed.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForAssessmentAsync(AssessmentRequest request, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var chain = await ChainAsync(db, request.List, credentialId, cancellationToken);
        var criteria = await CriteriaAsync(db, request.List, cancellationToken);
        if (request.SightedAt is { } sighted) RequireSighting(sighted);
        var episode = await OpenAsync(db, request.List, request.Handle, cancellationToken);
        await RequireFreeAsync(db, episode, chain, cancellationToken);
        var person = chain.Credential.Person;
        if (await db.Decisions.AnyAsync(d => d.EpisodeId == episode.Id && d.Person == person && d.Kind == "override", cancellationToken)) throw new CurationException(DecisionRefusals.Overrode);
        if (await HeadAsync(db, episode.Id, chain.Agency, cancellationToken) is var head && head != request.Supersedes)
            throw new CurationException("A colleague of your agency voted on this entry while you had it open. What you typed is kept; look at their vote, then submit again to replace it.");
        chain.Add(DecisionKind.Assessment, request.List, NameOf(episode.Name, episode.Scope), episode.Id, request.Judgement.ReadAnnotation(), blank => blank with
        {
            Verdicts = Judge(criteria, request.Judgement),
            CriteriaSha256 = criteria.Sha256,
            SightedAt = request.SightedAt,
            Supersedes = head,
        });
        return chain.Decisions;
    }

    /// <summary>One assessment, with the same verdict on every criterion, for each open episode that the agency has not
    /// voted on; only those of <paramref name="names"/> where it names some. What a colleague has claimed, and what the
    /// person may not judge, is left out.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForReviewAsync(string list, IReadOnlyCollection<string> names, Verdict verdict, DateTimeOffset? sightedAt, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var chain = await ChainAsync(db, list, credentialId, cancellationToken);
        var criteria = await CriteriaAsync(db, list, cancellationToken);
        var (agency, person, now) = (chain.Agency, chain.Credential.Person, clock.GetUtcNow());
        var episodes = await db.Episodes.AsNoTracking()
            .Where(e => e.List == list && e.ClosedAt == null && (names.Count == 0 || names.Contains(e.Name)))
            .Where(e => !db.Decisions.Any(d => d.EpisodeId == e.Id && d.Agency == agency && (d.Kind == "proposal" || d.Kind == "assessment" || d.Kind == "withdrawal")))
            .Where(e => !db.Claims.Any(c => c.EpisodeId == e.Id && c.Agency == agency && c.Person != person && c.ExpiresAt > now))
            .Where(e => !db.Conflicts.Any(c => c.SubjectId == e.SubjectId && c.Person == person))
            .Where(e => !db.Decisions.Any(d => d.EpisodeId == e.Id && d.Person == person && d.Kind == "override"))
            .OrderBy(e => e.Id).ToListAsync(cancellationToken);
        var given = criteria.DecidedByCurator.ToDictionary(criterion => criterion, _ => Verdicts.Print(verdict), StringComparer.Ordinal);
        foreach (var episode in episodes)
        {
            chain.Add(DecisionKind.Assessment, list, NameOf(episode.Name, episode.Scope), episode.Id, null, blank => blank with
            {
                Verdicts = Judge(criteria, given),
                CriteriaSha256 = criteria.Sha256,
                SightedAt = sightedAt,
            });
        }
        return chain.Decisions;
    }

    /// <summary>A removal, a sighting, or the withdrawal of the agency's own vote, on one open entry.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForEntryAsync(DecisionKind kind, string list, Guid handle, DateTimeOffset? sightedAt, string? note, string credentialId, CancellationToken cancellationToken)
    {
        if (sightedAt is { } sighted) RequireSighting(sighted);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ForEntryAsync(db, kind, await OpenAsync(db, list, handle, cancellationToken), sightedAt, note, credentialId, cancellationToken);
    }

    /// <summary>The same, by name.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForEntryAsync(DecisionKind kind, string list, ListedName name, DateTimeOffset? sightedAt, string? note, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ForEntryAsync(db, kind, await OpenAsync(db, list, name, cancellationToken), sightedAt, note, credentialId, cancellationToken);
    }

    /// <summary>What a release officer says to the never-block guard of one open entry, a statement for each rule: an
    /// <see cref="DecisionKind.Override"/> or an <see cref="DecisionKind.Enforcement"/>.</summary>
    /// <exception cref="CurationException">The person may not, a rule cannot be overridden or the guard found nothing of it, it was
    /// said already, or there is no reason.</exception>
    public async Task<IReadOnlyList<PreparedDecision>> ForGuardAsync(DecisionKind kind, string list, Guid handle, IReadOnlyCollection<string> rules, string? reason, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ForGuardAsync(db, kind, await OpenAsync(db, list, handle, cancellationToken), rules, reason, credentialId, cancellationToken);
    }

    /// <summary>The same, by name.</summary>
    public async Task<IReadOnlyList<PreparedDecision>> ForGuardAsync(DecisionKind kind, string list, ListedName name, IReadOnlyCollection<string> rules, string? reason, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ForGuardAsync(db, kind, await OpenAsync(db, list, name, cancellationToken), rules, reason, credentialId, cancellationToken);
    }

    /// <summary>Takes a submitted import back: withdraws the agency's vote on each of its proposals that nobody has decided
    /// on since. What changed since stays, and is named.</summary>
    public async Task<RevertPlan> ForRevertAsync(Guid importId, string? note, string credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var import = await db.Imports.AsNoTracking().SingleOrDefaultAsync(i => i.Id == importId, cancellationToken);
        var chain = import is null ? null : await ChainAsync(db, import.List, credentialId, cancellationToken);
        if (import is null || import.Agency != chain!.Agency) throw new CurationException("There is no such import of your agency.");
        if (import.AssertionId is not { } assertion) throw new CurationException("This import was not submitted, so there is nothing to take back. Its drafts can be left as they are: they decide nothing.");
        var proposals = await db.Decisions.AsNoTracking().Where(d => d.AssertionId == assertion && d.Kind == "proposal").OrderBy(d => d.Leaf)
            .Select(d => new
            {
                d.Id,
                d.Name,
                d.Scope,
                Stage = db.Episodes.Where(e => e.Id == d.EpisodeId).Select(e => e.Stage).Single(),
                IsClosed = db.Episodes.Any(e => e.Id == d.EpisodeId && e.ClosedAt != null),
                Later = db.Decisions.Where(l => l.EpisodeId == d.EpisodeId && l.Id != d.Id).OrderByDescending(l => l.Position).Select(l => new { l.Kind, l.Agency }).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        var skipped = new List<RevertPlan.Kept>();
        foreach (var proposal in proposals)
        {
            if (proposal.IsClosed) skipped.Add(new(proposal.Name, proposal.Scope, $"It is {proposal.Stage} already."));
            else if (proposal.Later is { } later) skipped.Add(new(proposal.Name, proposal.Scope, $"It changed since: the newest decision on it is of kind {later.Kind}, by {later.Agency}."));
            else chain.Add(DecisionKind.Withdrawal, import.List, NameOf(proposal.Name, proposal.Scope), proposal.Id, Annotation.Of(null, null, Judgement.ReadNote(note)), blank => blank with { Supersedes = proposal.Id });
        }
        return new RevertPlan(chain.Decisions, skipped);
    }

    private async Task<IReadOnlyList<PreparedDecision>> ForEntryAsync(BlockListDb db, DecisionKind kind, Episode episode, DateTimeOffset? sightedAt, string? note, string credentialId, CancellationToken cancellationToken)
    {
        var chain = await ChainAsync(db, episode.List, credentialId, cancellationToken);
        if (kind != DecisionKind.Sighting) await RequireFreeAsync(db, episode, chain, cancellationToken);
        Guid? supersedes = null;
        if (kind == DecisionKind.Withdrawal)
        {
            supersedes = await HeadAsync(db, episode.Id, chain.Agency, cancellationToken) ?? throw new CurationException("Your agency has no vote on this entry that it could withdraw.");
            if (await db.Decisions.AnyAsync(d => d.Id == supersedes && d.Kind == "withdrawal", cancellationToken)) throw new CurationException("Your agency withdrew its vote on this entry already.");
        }
        chain.Add(kind, episode.List, NameOf(episode.Name, episode.Scope), episode.Id, Annotation.Of(null, null, Judgement.ReadNote(note)), blank => blank with { SightedAt = sightedAt, Supersedes = supersedes });
        return chain.Decisions;
    }

    private async Task<IReadOnlyList<PreparedDecision>> ForGuardAsync(BlockListDb db, DecisionKind kind, Episode episode, IReadOnlyCollection<string> rules, string? reason, string credentialId, CancellationToken cancellationToken)
    {
        var chain = await ChainAsync(db, episode.List, credentialId, cancellationToken);
        if (!chain.Credential.Roles.Contains(RegisteredCredential.ReleaseOfficer))
            throw new CurationException("Only release officers decide on what the never-block guard says. Your roles stand on your account page; ask a release officer, the entry stands in their queue Guard.");
        await RequireNoConflictAsync(db, episode, chain, cancellationToken);
        await AnswerGuard.RunAsync(db, chain, kind, episode, rules, reason, clock.GetUtcNow(), cancellationToken);
        return chain.Decisions;
    }

    private async Task<StatementChain> ChainAsync(BlockListDb db, string list, string credentialId, CancellationToken cancellationToken)
    {
        var chain = await StatementChain.ContinueAsync(db, credentialId, options.Value.Deployment, clock, cancellationToken);
        return await NationalLists.FindObjectionAsync(db, list, chain.Agency, cancellationToken) is { } objection ? throw new CurationException(objection) : chain;
    }

    private static async Task<Episode> OpenAsync(BlockListDb db, string list, Guid handle, CancellationToken cancellationToken)
    {
        var episode = await db.Episodes.AsNoTracking().SingleOrDefaultAsync(e => e.List == list && e.SubjectId == handle && e.IsCurrent, cancellationToken)
            ?? throw new CurationException($"List {list} has no such entry.");
        return episode.ClosedAt is null ? episode
            : throw new CurationException($"This entry is {episode.Stage}. If the material is online again, propose it anew with a fresh sighting.");
    }

    private static async Task<Episode> OpenAsync(BlockListDb db, string list, ListedName name, CancellationToken cancellationToken)
    {
        var scope = PrintScope(name.Scope);
        return await db.Episodes.AsNoTracking().SingleOrDefaultAsync(e => e.List == list && e.Name == name.Name.Ascii && e.Scope == scope && e.ClosedAt == null, cancellationToken)
            ?? throw new CurationException($"List {list} has no open entry for this name and scope.");
    }

    /// <summary>The newest link of the agency's chain of votes.</summary>
    private static async Task<Guid?> HeadAsync(BlockListDb db, Guid episode, string agency, CancellationToken cancellationToken)
    {
        var votes = await db.Decisions.AsNoTracking().Where(d => d.EpisodeId == episode && d.Agency == agency && (d.Kind == "proposal" || d.Kind == "assessment" || d.Kind == "withdrawal"))
            .Select(d => new { d.Id, d.Supersedes }).ToListAsync(cancellationToken);
        return votes.SingleOrDefault(v => votes.All(other => other.Supersedes != v.Id))?.Id;
    }

    private async Task RequireFreeAsync(BlockListDb db, Episode episode, StatementChain chain, CancellationToken cancellationToken)
    {
        await RequireNoConflictAsync(db, episode, chain, cancellationToken);
        var (agency, person, now) = (chain.Agency, chain.Credential.Person, clock.GetUtcNow());
        var holder = await db.Claims.AsNoTracking().Where(c => c.EpisodeId == episode.Id && c.Agency == agency && c.Person != person && c.ExpiresAt > now)
            .Select(c => db.People.Where(p => p.Id == c.Person).Select(p => p.Name).Single()).SingleOrDefaultAsync(cancellationToken);
        if (holder is not null) throw new CurationException($"{holder} of your agency has claimed this entry. Ask them to hand it over, or wait until their claim ends. What you typed is kept.");
    }

    private static async Task RequireNoConflictAsync(BlockListDb db, Episode episode, StatementChain chain, CancellationToken cancellationToken)
    {
        var person = chain.Credential.Person;
        if (await db.Conflicts.AnyAsync(c => c.SubjectId == episode.SubjectId && c.Person == person, cancellationToken))
            throw new CurationException("You declared a conflict of interest for this entry. A colleague of your agency has to decide it.");
    }

    private void RequireSighting(DateTimeOffset sightedAt)
    {
        if (sightedAt > clock.GetUtcNow()) throw new CurationException("The sighting lies in the future. Write when a person last saw the material; times are in UTC unless you chose your own zone.");
    }

    private static async Task<int> LeaseAsync(BlockListDb db, string list, CancellationToken cancellationToken) =>
        await db.Lists.Where(l => l.Id == list).Select(l => l.LeaseMonths).SingleOrDefaultAsync(cancellationToken)
            ?? throw new CurationException($"There is no list {list} that takes proposals.");

    public static async Task<CriteriaVersion> CriteriaAsync(BlockListDb db, string list, CancellationToken cancellationToken) =>
        await db.CriteriaVersions.AsNoTracking().Where(v => v.List == list).OrderByDescending(v => v.Version).FirstOrDefaultAsync(cancellationToken)
            ?? throw new CurationException($"List {list} has no criteria to assess by.");

    /// <summary>What nobody said of a criterion is not determined.</summary>
    private static Verdicts Judge(CriteriaVersion criteria, Dictionary<string, string> given) =>
        new(criteria.DecidedByCurator.Select(criterion => KeyValuePair.Create(criterion,
            Verdicts.TryParse(given.GetValueOrDefault(criterion), out var verdict) ? verdict : Verdict.Unknown)));

    private static Verdicts Judge(CriteriaVersion criteria, Judgement judgement)
    {
        if (criteria.Sha256 != judgement.CriteriaSha256)
            throw new CurationException($"The criteria of {criteria.List} changed while you had this open. Read version {criteria.Version}, then decide again; what you typed is kept.");
        var verdicts = new Verdicts(judgement.Verdicts);
        return verdicts.Covers(criteria.DecidedByCurator) ? verdicts
            : throw new CurationException($"Give a verdict on each of {string.Join(", ", criteria.DecidedByCurator.Select(c => c.ToUpperInvariant()))}: met, not met, or could not determine.");
    }

    public static string PrintScope(Scope scope) => scope == Scope.Host ? "host" : "domain";

    /// <summary>A stored name.</summary>
    public static ListedName NameOf(string name, string scope) => DomainName.TryParseCanonical(name, out var parsed)
        ? new ListedName(parsed, scope == "host" ? Scope.Host : Scope.Domain)
        : throw new InvalidOperationException("a stored name is not canonical");
}
