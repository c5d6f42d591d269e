using System.Text.Json;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Curation.Work;
using BlockList.Server.Http.Pages;
using BlockList.Server.Tests.Publishing;
using BlockList.Server.Tests.Publishing.Model;
using Xunit;

namespace BlockList.Server.Tests.Curation;

/// <summary>What a person reads whose agency has not voted, against what other agencies did.</summary>
public sealed class BlindTests(PublishingWorld world, ITestOutputHelper output) : IClassFixture<PublishingWorld>
{
    private const ulong Seed = 3_261_123;
    private const string Note = "NOTE-OF-ANOTHER-AGENCY";
    private static readonly string[] Others = ["anna", "dirk", "cora", "bram"];

    /// <summary>Ids and names by which one of the other agencies or its people would be known.</summary>
    private static readonly string[] Telling = ["no-police", "no-hotline", "nl-hotline", "anna", "dirk", "cora", "bram", Note, "demo, NO", "demo, NL"];

    private readonly Desk desk = new(world);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Viewer Elise => ViewerOf("elise", "fr-police", "FR", RoleNames.Curator);

    [Fact]
    public async Task Nothing_of_a_blind_view_depends_on_what_other_agencies_found()
    {
        var random = new Seeded(Seed);
        var names = Enumerable.Range(0, 12).Select(_ => world.NewName()).ToArray();
        foreach (var name in names) await desk.ProposeAsync(random.Of(Others), name, random.Of([Verdict.Met, Verdict.NotMet, Verdict.Unknown]), "ICCAM:4711", Note, sightedAt: world.Now.AddDays(-1 - random.Below(60)));
        var compared = 0;
        var stages = new HashSet<string>();
        for (var step = 0; step < 60; step++)
        {
            await StepAsync(random, random.Of(names));
            if (step % 6 != 5) continue;
            var views = new Dictionary<string, string>();
            foreach (var name in names.Where(n => IsOpen(n)))
            {
                stages.Add((await world.Database.ScalarAsync<string>("select stage from curation.episode where name = $1 and is_current", name))!);
                views.Add(name, await EntryAsync(Elise, name));
                views[name] += await FoundAsync(Elise, name);
            }
            Assert.All(views.Values, view => Assert.DoesNotContain(Telling, told => view.Contains(told, StringComparison.OrdinalIgnoreCase)));
            Assert.Single(views.Values.Distinct());
            compared += views.Count;
        }
        output.WriteLine($"{compared} views, of episodes that were {string.Join(' ', stages)}");
        Assert.True(compared > 60 && stages.IsSupersetOf(["review", "disputed", "eligible"]), "the histories show too little");

        bool IsOpen(string name) => world.Database.ScalarAsync<bool>("select closed_at is null and lapses_at > now() + interval '14 days' from curation.episode where name = $1 and is_current", name).Result;
    }

    [Fact]
    public async Task Queue_of_a_blind_reader_shows_a_disputed_entry_as_one_that_is_new()
    {
        var (fresh, disputed) = (world.NewName(), world.NewName());
        await desk.ProposeAsync("anna", fresh, reference: "ICCAM:1", note: Note);
        await desk.ProposeAsync("bram", disputed, Verdict.NotMet, reference: "ICCAM:1", sightedAt: world.Now.AddDays(-20));

        var rows = (await QueueAsync(Elise, QueueKeys.Review)).Where(r => r.Name == fresh || r.Name == disputed).ToArray();

        Assert.Equal(2, rows.Length);
        Assert.Single(rows.Select(r => JsonSerializer.Serialize(r with { Handle = Guid.Empty, Name = "" })).Distinct());
        Assert.DoesNotContain(await QueueAsync(Elise, QueueKeys.Disputed), r => r.Name == disputed);
        Assert.Contains(await QueueAsync(ViewerOf("bram", "nl-hotline", "NL", RoleNames.Curator), QueueKeys.Disputed), r => r.Name == disputed);
    }

    [Fact]
    public async Task Filters_find_nothing_by_what_the_reader_may_not_see()
    {
        var (disputed, eligible, withdrawn) = (world.NewName(), world.NewName(), world.NewName());
        await desk.ProposeAsync("anna", disputed, Verdict.NotMet);
        await desk.ProposeAsync("anna", eligible);
        await desk.AssessAsync("bram", eligible);
        await desk.ProposeAsync("anna", withdrawn);
        await desk.DecideAsync("anna", DecisionKind.Withdrawal, withdrawn);
        foreach (var name in new[] { disputed, eligible, withdrawn })
        {
            foreach (var query in new EntryQuery[] { new(name, null, "no-police", null, null), new(name, null, null, "disputed", null), new(name, null, null, "eligible", null), new(name, null, null, "withdrawn", null), new(name, null, null, "suspended", null) })
            {
                var found = await FindAsync(Elise, query);
                Assert.Empty(found.Rows);
                Assert.Null(found.After);
            }
            Assert.Equal(EntryState.Awaiting, Assert.Single((await FindAsync(Elise, new EntryQuery(name, null, null, null, null))).Rows).State);
            // Whoever voted, and whoever reads everything, finds them.
            Assert.Single((await FindAsync(ViewerOf("anna", "no-police", "NO", RoleNames.Curator), new EntryQuery(name, null, "no-police", null, null))).Rows);
            Assert.Single((await FindAsync(ViewerOf("anna", null, null, RoleNames.Auditor), new EntryQuery(name, null, "no-police", null, null))).Rows);
        }
    }

    [Fact]
    public async Task Own_vote_opens_the_entry_and_an_auditor_sees_it_at_once()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name, note: Note);
        Assert.DoesNotContain(Note, await EntryAsync(Elise, name), StringComparison.Ordinal);
        Assert.Contains(Note, await EntryAsync(ViewerOf("anna", null, null, RoleNames.Auditor), name), StringComparison.Ordinal);
        await desk.AssessAsync("elise", name);
        var view = await EntryAsync(Elise, name);
        Assert.Contains(Note, view, StringComparison.Ordinal);
        Assert.Contains("anna", view, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Earlier_episode_does_not_tell_who_is_likely_to_have_proposed_the_new_one()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name, note: Note);
        await desk.DecideAsync("olav", DecisionKind.Removal, name);
        await desk.ProposeAsync("anna", name);

        var view = await EntryAsync(Elise, name);
        Assert.DoesNotContain(Telling, told => view.Contains(told, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Claims_and_notifications_of_another_agency_are_not_seen()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name);
        var before = await EntryAsync(Elise, name);
        var handle = await desk.HandleAsync(name);
        var dirk = ViewerOf("dirk", "no-police", "NO", RoleNames.Curator);
        Assert.Null(await desk.Get<TakeClaim>().RunAsync(Desk.List, handle, dirk, Ct));
        Assert.Null(await desk.Get<AddNotification>().RunAsync(Desk.List, handle, "ncb", "NL", "N-1", world.Now.AddHours(-1), dirk, Ct));

        Assert.Equal(before, await EntryAsync(Elise, name));
        Assert.Contains("ncb", await EntryAsync(dirk, name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursor_of_a_search_holds_no_name()
    {
        for (var i = 0; i < FindEntries.Page + 1; i++) await desk.ProposeAsync("anna", $"cursor{i:00}.bad.example");

        var first = await FindAsync(Elise, new EntryQuery("cursor", null, null, null, null));
        Assert.NotNull(first.After);
        Assert.DoesNotContain("cursor", first.After, StringComparison.Ordinal);
        var second = await desk.Get<FindEntries>().RunAsync(Elise, new EntryQuery("cursor", null, null, null, null), [Desk.List], first.After, Ct);
        Assert.Equal("cursor50.bad.example", Assert.Single(second.Rows).Name);
        Assert.Equal(FindEntries.Page, (await desk.Get<FindEntries>().RunAsync(Elise, new EntryQuery("cursor", null, null, null, null), [Desk.List], "nonsense!", Ct)).Rows.Count);
    }

    [Fact]
    public async Task Page_of_what_is_hidden_is_no_page()
    {
        for (var i = 0; i < FindEntries.Page + 1; i++)
        {
            await desk.ProposeAsync("anna", $"veil-{i:00}x.bad.example", reference: "ICCAM:900");
            await desk.AssessAsync("bram", $"veil-{i:00}x.bad.example");
        }
        foreach (var query in new EntryQuery[] { new("veil-", null, null, "eligible", null), new(null, "ICCAM:900", null, "eligible", null), new(null, null, null, "eligible", null) })
        {
            var found = await FindAsync(Elise, query);
            Assert.DoesNotContain(found.Rows, row => row.Name.StartsWith("veil-", StringComparison.Ordinal));
            Assert.Null(found.After);
            Assert.Equal(FindEntries.Page, (await FindAsync(ViewerOf("bram", "nl-hotline", "NL", RoleNames.Curator), query)).Rows.Count);
        }
    }

    [Fact]
    public async Task Every_read_of_names_is_in_the_audit_log_and_no_name_is()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name);
        var before = await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where actor = 'elise'");
        await EntryAsync(Elise, name);
        await FindAsync(Elise, new EntryQuery(name, null, null, null, null));
        await QueueAsync(Elise, QueueKeys.Review);
        Assert.True(await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where actor = 'elise'") >= before + 3);
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where strpos(audit::text, $1) > 0", name));
    }

    private async Task StepAsync(Seeded random, string name)
    {
        var (person, verdict) = (random.Of(Others), random.Of([Verdict.Met, Verdict.Met, Verdict.NotMet, Verdict.Unknown]));
        try
        {
            _ = random.Below(8) switch
            {
                0 => await desk.DecideAsync(person, DecisionKind.Withdrawal, name),
                1 => await desk.DecideAsync(person, DecisionKind.Sighting, name, world.Now.AddHours(-1 - random.Below(100))),
                _ => await desk.AssessAsync(person, name, verdict, random.OneIn(3) ? world.Now.AddHours(-random.Below(50) - 1) : null, Note),
            };
        }
        catch (CurationException)
        {
            // The step does not fit where the entry stands.
        }
    }

    /// <summary>All that the entry's page is made from, without its address and name.</summary>
    private async Task<string> EntryAsync(Viewer viewer, string name)
    {
        var handle = await desk.HandleAsync(name);
        var view = (await desk.Get<ReadEntry>().RunAsync(viewer, handle, [Desk.List], Ct))!;
        return view.HasConflict + string.Join('\n', view.Episodes.Select(e => JsonSerializer.Serialize<object>(e)));
    }

    private async Task<string> FoundAsync(Viewer viewer, string name) =>
        JsonSerializer.Serialize(Assert.Single((await FindAsync(viewer, new EntryQuery(name, null, null, null, null))).Rows, r => r.Name == name) with { Handle = Guid.Empty, Name = "" });

    private Task<FoundEntries> FindAsync(Viewer viewer, EntryQuery query) => desk.Get<FindEntries>().RunAsync(viewer, query, [Desk.List], null, Ct);

    private async Task<List<Server.Curation.Pages.QueueRow>> QueueAsync(Viewer viewer, string tab)
    {
        var rows = new List<Server.Curation.Pages.QueueRow>();
        string? after = null;
        do
        {
            var page = await desk.Get<ReadQueue>().RunAsync(viewer, tab, Desk.List, after, Ct);
            rows.AddRange(page.Rows);
            after = page.After;
        }
        while (after is not null);
        Assert.Equal(rows.Count, rows.Select(r => r.Handle).Distinct().Count());
        return rows;
    }

    private static Viewer ViewerOf(string person, string? agency, string? country, string role) =>
        new(Guid.Empty, person, person, agency, agency, country, new HashSet<string> { role }, TimeZoneInfo.Utc, "system", "{}");
}
