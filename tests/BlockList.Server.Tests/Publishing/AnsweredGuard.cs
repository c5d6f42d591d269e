using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Names.Register;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>
/// Entries that the never-block guard speaks against, and what release officers say to it: Olav of the agency that proposed,
/// Elise of one that has no part, Cora who is a curator as well.
/// </summary>
internal sealed class AnsweredGuard(PublishingWorld world)
{
    public const string List = "worst-of";
    public const string Reason = "the hospital moved; its old name is not its own any more";

    private static readonly string[] Both = [RegisteredCredential.Curator, RegisteredCredential.ReleaseOfficer];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Once for each world.</summary>
    public async Task AppointAsync()
    {
        if (await world.Database.ScalarAsync<bool>("select 'release-officer' = any (roles) from access.person where id = 'elise'")) return;
        await world.KeepListedAsync();
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        var roles = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["elise"] = [RegisteredCredential.ReleaseOfficer], ["cora"] = Both };
        await world.TakeRegisterAsync(register with { Credentials = register.Credentials.Values.Select(c => roles.TryGetValue(c.Person, out var given) ? c with { Roles = given } : c).ToDictionary(c => c.Id, StringComparer.Ordinal) });
        foreach (var (person, given) in roles) await world.Database.ExecuteAsync("update access.person set roles = $2 where id = $1", person, given);
    }

    /// <summary>Enters a row into the register; of proven hosts with a proof, as whoever looked it up would.</summary>
    public async Task ProtectAsync(string name, RegisterSource source) => Assert.IsType<RegisterOutcome.Done>(source == RegisterSource.Proven
        ? await world.Curation.GetRequiredService<ChangeRegister>().AddAsync(CastSigner.ViewerOf(world.Cast["olav"]), PublishingWorld.Listed(name).Name, source, await ProveAsync(name), "for a test", Ct)
        : await world.ProtectAsync("anna", name, source));

    /// <summary>A proof of control, as the checker leaves it.</summary>
    private async Task<Guid> ProveAsync(string name)
    {
        var proof = Guid.CreateVersion7();
        await world.Database.ExecuteAsync("insert into dnschecks.proof (id, domain, owner_kind, owner, token, asked_by) values ($1, $2, 'agency', 'no-police', md5($2), 'olav')", proof, name);
        await world.Database.ExecuteAsync("""
            select dnschecks.record_answer($1, 'proven', 'insecure', $2, '[{"server": "ns1.example", "has": true, "answers": true, "said": ""}]', null)
            """, proof, name);
        return proof;
    }

    /// <summary>Found met by two agencies of two countries, and left out because of these sources.</summary>
    public async Task<string> LeftOutAsync(string proposer = "anna", params RegisterSource[] sources)
    {
        var name = world.NewName();
        foreach (var source in sources.Length == 0 ? [RegisterSource.Critical] : sources) await ProtectAsync(name, source);
        await FoundAsync(name, proposer);
        Assert.False(await world.IsPublishedAsync(name));
        return name;
    }

    /// <summary>Published, and touched by a row that came later.</summary>
    public async Task<string> TouchedAsync(RegisterSource source = RegisterSource.Critical, string proposer = "anna")
    {
        var name = world.NewName();
        await FoundAsync(name, proposer);
        Assert.True(await world.IsPublishedAsync(name));
        await ProtectAsync(name, source);
        Assert.True(await world.IsPublishedAsync(name));
        return name;
    }

    public async Task FoundAsync(string name, string proposer = "anna")
    {
        // One by one: a file takes no name that needs an override.
        Assert.IsType<SubmitOutcome.Accepted>(await world.ProposeAloneAsync(proposer, name));
        Assert.IsType<SubmitOutcome.Accepted>(await world.ReviewAsync("bram", name));
    }

    public Task<IReadOnlyList<PreparedDecision>> PrepareAsync(string person, DecisionKind kind, string name, string? reason = Reason, params string[] rules) =>
        world.Curation.GetRequiredService<PrepareDecisions>().ForGuardAsync(kind, List, PublishingWorld.Listed(name), rules.Length == 0 ? ["critical"] : rules, reason, world.CredentialOf(person), Ct);

    public async Task<SubmitOutcome> SayAsync(string person, DecisionKind kind, string name, params string[] rules) => await SubmitAsync(person, await PrepareAsync(person, kind, name, Reason, rules));

    public Task<SubmitOutcome> SubmitAsync(string person, IReadOnlyList<PreparedDecision> decisions) =>
        world.Curation.GetRequiredService<SubmitDecisions>().RunAsync(world.Sign(person, decisions), null, Ct);

    /// <summary>Why nothing is prepared.</summary>
    public async Task<string> RefusalAsync(string person, DecisionKind kind, string name, string? reason = Reason, params string[] rules) =>
        (await Assert.ThrowsAsync<CurationException>(() => PrepareAsync(person, kind, name, reason, rules))).Message;

    /// <summary>A decision that nothing of ours would prepare, as the person's own software could write it.</summary>
    public async Task<PreparedDecision> WriteAsync(string person, DecisionKind kind, string name, string rule = "critical")
    {
        var removal = Assert.Single(await world.Curation.GetRequiredService<PrepareDecisions>().ForEntryAsync(DecisionKind.Removal, List, PublishingWorld.Listed(name), null, null, world.CredentialOf(person), Ct));
        var annotation = Annotation.Of(null, null, Reason)!;
        var statement = removal.Statement with { Kind = kind, Rule = rule, NoteSha256 = annotation.NoteSha256 };
        return new PreparedDecision(statement, statement.ToCanonicalBytes(), annotation);
    }

    /// <summary>Writes it around the application, with its author's valid signature.</summary>
    public Task InsertAsync(string person, PreparedDecision decision)
    {
        var signed = world.Sign(person, [decision]);
        return ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf(person), false, signed.Nonce, signed.Assertion, decision);
    }

    /// <summary>Why the publisher gave a decision no effect; null where it has.</summary>
    public Task<string?> LedgerReasonAsync(Guid decision) => world.Database.ScalarAsync<string>("select reason from publishing.ledger where decision_id = $1", decision);
}
