using System.Diagnostics;
using BlockList.Server.Tests.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static BlockList.Server.Tests.Cases.CaseDesk;

namespace BlockList.Server.Tests.Cases;

/// <summary>What happened in this field before to people who were blocked and had nobody to turn to, named as people remember it.</summary>
public sealed class CaseIncidentTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private CaseDesk Desk { get; set; } = null!;

    protected override Task PrepareAsync()
    {
        Desk = new CaseDesk(World);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>2009: a dentist in Queensland stood on the ACMA's list, was told by nobody, and could turn to nobody. Here he complains
    /// without account or proof, is heard by somebody who did not list him, gets out, and reads when, why and who applies it.</summary>
    [Fact]
    public async Task Acma_dentist_is_heard_by_somebody_else_gets_out_and_reads_why()
    {
        await World.ListAsync(["dentist.example", "other0.example", "other1.example"]);
        await World.PublishAsync();

        var reference = await Desk.ComplainAsync("dentist.example", email: "dentist@mail.example", text: "I am a dentist. My patients cannot open my site.");
        // Before he proves anything he reads that it was received; who he is and what the list holds is told to nobody.
        Assert.Empty(await Desk.ProgressAsync(reference));
        Done(await Desk.TriageAsync("carlo", reference, "dentist.example"));
        await World.PublishUrgentAsync();
        Assert.DoesNotContain("dentist.example", (await World.ReadListAsync()).Lines);
        await ProviderAsync("Fjord Net", applies: 2);
        await ProviderAsync("Polder Net", applies: 1);

        // He proves control, is asked, and answers.
        await Desk.ProveAsync(reference);
        Done(await Desk.Write.AskAsync(Desk.Viewer("carlo"), reference, "use", null, Ct));
        Assert.Equal("taken", await Desk.AnswerAsync(reference, "It has opening hours and a map."));
        Done(await Desk.DecideAsync("carlo", reference, "upheld", "dentist.example"));
        await World.PublishUrgentAsync();

        Assert.Equal(["received", "triaged", "suspended", "proven", "question", "answer: It has opening hours and a map.", "decided upheld: because of what was found: upheld"], await Desk.ProgressAsync(reference));
        Assert.Equal("worst-of 2 1/2", await Desk.AppliedAsync(reference));
        await Desk.FollowAsync();
        Assert.Equal("receipt question decided", await Desk.MailsAsync(reference));
        // No mail has a domain name in it, and nobody who listed him decided.
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from mail.message where \"values\"::text like '%dentist.example%'"));
        Assert.Equal("carlo", await World.Database.ScalarAsync<string>("select string_agg(distinct person, ' ') from curation.decision where case_reference = $1", reference));
        // Old votes do not bring him back.
        await World.PublishAsync();
        Assert.DoesNotContain("dentist.example", (await World.ReadListAsync()).Lines);
    }

    /// <summary>2024: Piracy Shield blocked addresses that thousands of sites shared, and a cloud drive, and had no quick way back. Here the
    /// host complains, and the list that agents see is without it within seconds of the officer's signature.</summary>
    [Fact]
    public async Task Piracy_shield_shared_infrastructure_is_unblocked_within_seconds()
    {
        await World.ListAsync(["cloud-drive.example", "other0.example", "other1.example"]);
        await World.PublishAsync();
        var before = await World.VerifyAsClientAsync();
        var reference = await Desk.ComplainAsync("cloud-drive.example", party: "host", kind: "shared", text: "Thousands keep their files with us.");

        var clock = Stopwatch.StartNew();
        Done(await Desk.TriageAsync("carlo", reference, "cloud-drive.example"));
        await World.PublishUrgentAsync();
        // What an agent downloads and verifies, from timestamp.json on.
        var after = await World.VerifyAsClientAsync();
        clock.Stop();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed.TotalSeconds:F1} s from the decision to the served timestamp.json");
        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed.TotalSeconds:F2} s from the decision to the served timestamp.json");
        Assert.Equal((before.Version.Value + 1, before.Count - 1, 1, true), (after.Version.Value, after.Count, after.Removed, after.Urgent));
        Assert.DoesNotContain("cloud-drive.example", (await World.ReadListAsync()).Lines);
        // It is not forgotten there: ten working days at most, then oversight has it.
        Assert.Equal(1, await World.Database.ScalarAsync<int>("select complaint.escalate_late_at((select due_at from complaint.clock where reference = $1 and kind = 'suspension'), '{}') - (select count(*)::int from complaint.clock where reference = $1 and kind = 'decision' and due_at <= (select due_at from complaint.clock where reference = $1 and kind = 'suspension'))", reference));
        Assert.True(await World.Database.ScalarAsync<bool>("select oversight from complaint.dossier where reference = $1", reference));
    }

    /// <summary>A provider whose agent said that it applies a version.</summary>
    private async Task ProviderAsync(string name, int applies)
    {
        await World.Database.ExecuteAsync("""
            with added as (insert into providers.provider (id, name, contact) values (gen_random_uuid(), $1, 'noc') returning id),
            listed as (insert into providers.provider_list (provider_id, list) select id, 'worst-of' from added)
            insert into distribution.receipt (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock)
            select id, repeat('0', 64), 'worst-of', $2, (select list_sha256 from publishing.version where list = 'worst-of' and serial = $2), 'unbound', 'dump', '[]', 0, '1', now() from added
            """, name, applies);
    }
}
