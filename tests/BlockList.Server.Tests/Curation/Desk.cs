using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Data;
using BlockList.Server.Tests.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Curation;

/// <summary>What curators do in these tests, through the use cases and signed with their own passkeys.</summary>
internal sealed class Desk(PublishingWorld world)
{
    public const string List = DevelopmentKeys.WorstOf;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public T Get<T>() where T : notnull => world.Curation.GetRequiredService<T>();

    public async Task<Judgement> JudgeAsync(Verdict verdict, string? reference = null, string? note = null) => new(await CriteriaAsync(),
        new Dictionary<string, Verdict> { ["c1"] = Verdict.Met, ["c2"] = verdict, ["c3"] = Verdict.Met }, reference, note);

    public async Task<SubmitOutcome> ProposeAsync(string person, string name, Verdict verdict = Verdict.Met, string? reference = null, string? note = null, Scope scope = Scope.Domain, DateTimeOffset? sightedAt = null, Guid? submission = null)
    {
        var request = new ProposalRequest(List, name, scope, await JudgeAsync(verdict, reference, note), sightedAt ?? world.Now.AddDays(-1));
        return await SubmitAsync(person, await Get<PrepareDecisions>().ForProposalAsync(request, world.CredentialOf(person), Ct), submission);
    }

    public async Task<SubmitOutcome> AssessAsync(string person, string name, Verdict verdict = Verdict.Met, DateTimeOffset? sightedAt = null, string? note = null, Guid? submission = null)
    {
        var handle = await HandleAsync(name);
        var head = await HeadAsync(name, world.Cast[person].Agency!);
        var request = new AssessmentRequest(List, handle, await JudgeAsync(verdict, note: note), sightedAt, head);
        return await SubmitAsync(person, await Get<PrepareDecisions>().ForAssessmentAsync(request, world.CredentialOf(person), Ct), submission);
    }

    public async Task<SubmitOutcome> DecideAsync(string person, DecisionKind kind, string name, DateTimeOffset? sightedAt = null) =>
        await SubmitAsync(person, await Get<PrepareDecisions>().ForEntryAsync(kind, List, await HandleAsync(name), sightedAt, null, world.CredentialOf(person), Ct));

    public Task<SubmitOutcome> SubmitAsync(string person, IReadOnlyList<PreparedDecision> decisions, Guid? submission = null) =>
        Get<SubmitDecisions>().RunAsync(world.Sign(person, decisions), null, submission, Ct);

    public Task<Guid> HandleAsync(string name) => world.Database.ScalarAsync<Guid>("select id from curation.subject where name = $1", name);

    public Task<Guid> EpisodeAsync(string name) => world.Database.ScalarAsync<Guid>("select id from curation.episode where name = $1 and is_current", name);

    /// <summary>The row of a name's newest episode: stage, voters, agencies and countries, flags.</summary>
    public Task<string?> RowAsync(string name) => world.Database.ScalarAsync<string>("""
        select format('%s [%s] %s/%s%s%s%s', stage, voters, met_agencies, met_countries, case when closed_at is not null then ' closed' end, case when overdue then ' overdue' end, case when lapsing then ' lapsing' end)
        from curation.episode where name = $1 and is_current
        """, name);

    public async Task<ListRules> RulesAsync()
    {
        await using var db = await Get<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(Ct);
        return (await ListRules.ReadAsync(db, List, Ct))!;
    }

    private async Task<Guid?> HeadAsync(string name, string agency)
    {
        var head = await world.Database.ScalarAsync<Guid>("""
            select d.id from curation.decision d join curation.episode e on e.id = d.episode_id
            where e.name = $1 and e.is_current and d.agency = $2 and d.kind in ('proposal', 'assessment', 'withdrawal') and not exists (select from curation.decision later where later.supersedes = d.id)
            """, name, agency);
        return head == Guid.Empty ? null : head;
    }

    private async Task<string> CriteriaAsync() => (await world.Database.ScalarAsync<string>("select sha256 from criteria.version where list = $1 order by version desc limit 1", List))!;
}
