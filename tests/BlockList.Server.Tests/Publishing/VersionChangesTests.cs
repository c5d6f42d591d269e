using System.Globalization;
using System.Text;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Pages;
using BlockList.Server.Tests.Publishing.Model;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What is told of the difference of two versions, against the published files themselves.</summary>
public sealed class VersionChangesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string List = DevelopmentKeys.NoNational;
    private readonly PublishingWorld world = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Difference_of_any_two_versions_is_that_of_their_files(ulong seed)
    {
        var random = new Seeded(seed);
        // Time goes on by years here, and the database takes no sighting that is later than its own clock.
        world.MoveClockTo(world.Now.AddYears(-7));
        var files = new Dictionary<int, string[]> { [0] = [] };
        var names = Enumerable.Range(0, 14).Select(_ => world.NewName()).ToArray();
        for (var step = 0; step < 10; step++)
        {
            var current = files[files.Keys.Max()].ToHashSet(StringComparer.Ordinal);
            // Names come, go and come again; a lease can run out between two versions and be followed by a new episode.
            await EndAsync([.. current.Where(_ => random.OneIn(3))], random.OneIn(2));
            if (random.OneIn(4)) world.MoveClockTo(world.Now.AddMonths(7));
            await ProposeAsync([.. names.Where(_ => random.OneIn(3))]);
            if (await world.PublishAsync(List) is PublishOutcome.Published published) files[published.Serial.Value] = [.. (await world.ReadListAsync(List)).Lines];
        }
        Assert.True(files.Count > 5);
        foreach (var from in files.Keys)
        {
            foreach (var to in files.Keys)
            {
                var added = await PagesAsync(from, to);
                Assert.Equal(files[to].Except(files[from], StringComparer.Ordinal).Order(StringComparer.Ordinal), added.Select(c => c.Line).Order(StringComparer.Ordinal));
                Assert.Equal(added.Select(c => c.Line), await LinesAsync(Changes.AllAddedAsync(List, from, to, Ct)));
                Assert.All(added, change => Assert.NotNull(change.Episode));
            }
            Assert.Equal(files[from], await LinesAsync(Changes.AllOfAsync(List, from, Ct)));
        }
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        await world.Database.ExecuteAsync("insert into publishing.entry (list, line, added_serial, removed_serial) select 'many', 'n' || i || '.example', 1 + i % 7, case when i % 3 = 0 then 8 + i % 5 end from generate_series(1, 1500) as i");
        foreach (var (from, to) in new[] { (0, 7), (0, 12), (3, 9), (9, 3), (7, 12), (12, 7) })
        {
            var paged = new List<Change>();
            var key = ChangeKey.Start;
            for (var page = await Changes.AddedAsync("many", from, to, key, Ct); ; page = await Changes.AddedAsync("many", from, to, key, Ct))
            {
                Assert.True(page.Rows.Count <= ReadChanges.PageSize);
                paged.AddRange(page.Rows);
                if (page.Next is not { } next) break;
                key = ChangeKey.Parse(next.ToString());
                Assert.Equal(next, key);
            }
            Assert.Equal(await LinesAsync(Changes.AllAddedAsync("many", from, to, Ct)), paged.Select(c => c.Line));
            Assert.Equal(paged.Count, paged.DistinctBy(c => c.Id).Count());
            Assert.Equal(paged.OrderByDescending(c => c.Serial).ThenBy(c => c.Id), paged);
        }
    }

    [Fact]
    public async Task Years_in_which_everything_came_and_went_are_passed_in_steps()
    {
        await world.Database.ExecuteAsync("insert into publishing.entry (list, line, added_serial, removed_serial) select 'churn', 'n' || i || '.example', 2, case when i not in (1, 2, $1) then 3 end from generate_series(1, $1) as i", (3 * ReadChanges.Window) - 10);
        var (lines, pages) = (new List<string>(), 0);
        ChangeKey? key = ChangeKey.Start;
        while (key is { } after)
        {
            var page = await Changes.AddedAsync("churn", 1, 4, after, Ct);
            lines.AddRange(page.Rows.Select(c => c.Line));
            key = page.Next;
            Assert.True(++pages <= 3, "a page looked at less than it could");
        }
        Assert.Equal(["n1.example", "n2.example", $"n{(3 * ReadChanges.Window) - 10}.example"], lines);
    }

    [Fact]
    public async Task Publisher_writes_down_why_an_entry_left()
    {
        var (removed, withdrawn, lapsed, dissent) = (world.NewName(), world.NewName(), world.NewName(), world.NewName());
        await ProposeAsync([removed, withdrawn, dissent, world.NewName()]);
        await ProposeAsync([lapsed], world.Now.AddMonths(-6).AddDays(2));
        await world.PublishAsync(List);
        await EndAsync([removed], isRemoval: true);
        await EndAsync([withdrawn], isRemoval: false);
        Assert.IsType<SubmitOutcome.Accepted>(await world.SignAsync("cora", p => p.ForReviewAsync(List, [dissent], Verdict.NotMet, null, world.CredentialOf("cora"), Ct)));
        await world.PublishAsync(List);
        Assert.Equal("removed withdrawn", await ReasonsAsync(removed, withdrawn));
        // The clock of the re-review runs out, and so does the lease of the last one.
        world.MoveClockTo(world.Now.AddDays(3));
        await world.PublishAsync(List);
        Assert.Equal("suspended lapsed", await ReasonsAsync(dissent, lapsed));
    }

    private ReadChanges Changes => new(world.Curation.GetRequiredService<NpgsqlDataSource>());

    private async Task<string> ReasonsAsync(params string[] names) =>
        string.Join(' ', await Task.WhenAll(names.Select(n => world.Database.ScalarAsync<string>("select removed_because from publishing.entry where list = $1 and line = $2", List, n))));

    private async Task<List<Change>> PagesAsync(int from, int to)
    {
        var page = await Changes.AddedAsync(List, from, to, ChangeKey.Start, Ct);
        Assert.True(page.IsWhole);
        Assert.True(page.Most >= page.Rows.Count);
        var other = await Changes.RemovedAsync(List, to, from, ChangeKey.Start, Ct);
        Assert.Equal(page.Rows, other.Rows);
        return [.. page.Rows];
    }

    private static async Task<List<string>> LinesAsync(IAsyncEnumerable<(string Line, int Serial)> rows)
    {
        var lines = new List<string>();
        await foreach (var (line, _) in rows) lines.Add(line);
        return lines;
    }

    private async Task ProposeAsync(string[] names, DateTimeOffset? sightedAt = null)
    {
        var seen = (sightedAt ?? world.Now.AddDays(-1)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var csv = new StringBuilder("domain,scope,sighted_at,n1,n2,n3,reference,note\n");
        foreach (var name in names) csv.Append(CultureInfo.InvariantCulture, $"{name},domain,{seen},met,met,met,,\n");
        var staged = Assert.IsType<StageOutcome.Staged>(await world.Curation.GetRequiredService<StageImport>().RunAsync(Encoding.UTF8.GetBytes(csv.ToString()), "history.csv", List, "anna", false, true, null, Ct));
        if (staged.Proposals == 0) return;
        Assert.IsType<SubmitOutcome.Accepted>(await world.SignAsync("anna", p => p.ForImportAsync(staged.Import!.Value, world.CredentialOf("anna"), Ct), staged.Import));
    }

    private async Task EndAsync(string[] names, bool isRemoval)
    {
        var (person, kind) = isRemoval ? ("olav", DecisionKind.Removal) : ("anna", DecisionKind.Withdrawal);
        foreach (var name in names)
            Assert.IsType<SubmitOutcome.Accepted>(await world.SignAsync(person, p => p.ForEntryAsync(kind, List, PublishingWorld.Listed(name), null, null, world.CredentialOf(person), Ct)));
    }
}
