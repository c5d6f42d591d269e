using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Data;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Rebuilding;
using BlockList.Tools.Deployments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>A past version follows from what it was computed from, byte for byte. A world for each test.</summary>
public sealed class RebuildTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;
    private readonly PublishingWorld world = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Every_version_of_a_history_with_leases_suspensions_complaints_disputes_episodes_and_the_guard_is_made_again()
    {
        // Time goes on by months here, and the database takes no sighting that is later than its own clock.
        world.MoveClockTo(world.Now.AddYears(-2));
        var (staying, withdrawn, doubted, removed, protectedName) = ("staying.example", "withdrawn.example", "doubted.example", "removed.example", "protected.example");
        foreach (var name in new[] { staying, withdrawn, doubted, removed })
        {
            await world.ProposeAsync("anna", name, sightedAt: world.Now.AddDays(-1));
            await world.ReviewAsync("bram", name);
        }
        await world.PublishAsync();
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("bram", DecisionKind.Withdrawal, withdrawn));
        await world.ReviewAsync("elise", doubted, Verdict.NotMet);
        await world.PublishAsync();
        world.MoveClockTo(world.Now.AddHours(25));
        await world.PublishAsync();
        await world.ReviewAsync("cora", doubted);
        await world.ProtectAsync("olav", protectedName);
        await world.ProposeAloneAsync("anna", protectedName);
        await world.ReviewAsync("bram", protectedName);
        await world.PublishAsync();
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("olav", DecisionKind.Removal, removed));
        await PublishUrgentAsync();
        ComplaintSteps.Decided(await world.SuspendAsync("carlo", staying));
        await PublishUrgentAsync();
        ComplaintSteps.Decided(await world.ResumeAsync("carlo", staying));
        await world.PublishAsync();
        ComplaintSteps.Decided(await world.DecideComplaintAsync("carlo", protectedName, ComplaintOutcome.Rejected));
        ComplaintSteps.Decided(await world.DecideComplaintAsync("otto", doubted, ComplaintOutcome.Upheld));
        await PublishUrgentAsync();
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("anna", DecisionKind.Sighting, staying, Format.Json.Timestamp.Truncate(world.Now)));
        world.MoveClockTo(world.Now.AddMonths(3).AddDays(-1));
        await world.PublishAsync();
        // Both lapsed or removed names begin a new life, under a register of another number.
        await world.TakeRegisterAsync(world.Keys.ComposeRegister(world.Cast, 2));
        foreach (var name in new[] { doubted, removed })
        {
            await world.ProposeAsync("bram", name, sightedAt: world.Now.AddDays(-1));
            await world.ReviewAsync("elise", name);
        }
        await world.PublishAsync();
        await world.PublishAsync(DevelopmentKeys.EnforcementTest);
        world.MoveClockTo(world.Now.AddDays(1));
        await world.PublishAsync(DevelopmentKeys.EnforcementTest);

        var versions = await VersionsAsync();
        Assert.True(versions.Count >= 8, $"only {versions.Count} versions");
        Assert.Contains(versions, v => v.Urgent);
        foreach (var version in versions) await RequireEqualAsync(version);
    }

    [Fact]
    public async Task Version_whose_row_was_changed_is_found_different()
    {
        await world.ProposeAsync("anna", "bad.example");
        await world.ReviewAsync("bram", "bad.example");
        await world.PublishAsync();
        await ChangeAsync("evaluated_at = evaluated_at + interval '4 months'");

        var files = await Rebuild().RunAsync(List, 1, Ct);

        Assert.Equal(RebuiltFile.Comparison.Different, files!.Single(f => f.Path == "list.txt").Outcome);
        Assert.Empty(files!.Single(f => f.Path == "list.txt").Content);
    }

    [Fact]
    public async Task Other_suffix_data_is_named_with_what_to_install()
    {
        await world.PublishAsync();
        await ChangeAsync("suffixes_sha256 = repeat('a', 64)");

        var problem = await Assert.ThrowsAsync<RebuildException>(() => Rebuild().RunAsync(List, 1, Ct));

        Assert.Contains(new string('a', 64), problem.Message, StringComparison.Ordinal);
        Assert.Contains($"that was in force on {world.Now.UtcDateTime:yyyy-MM-dd}", problem.Message, StringComparison.Ordinal);
        Assert.Null(await Rebuild().RunAsync(List, 7, Ct));
    }

    private RebuildVersion Rebuild() => world.Publisher.GetRequiredService<RebuildVersion>();

    private Task<PublishOutcome> PublishUrgentAsync() => world.Publisher.GetRequiredService<PublishVersion>().RunAsync(List, new PublishCause.Urgent(), Ct);

    private async Task RequireEqualAsync(PublishedVersion version)
    {
        var files = await Rebuild().RunAsync(version.List, version.Serial, Ct);
        Assert.NotNull(files);
        Assert.DoesNotContain(files, f => f.Outcome == RebuiltFile.Comparison.Different);
        Assert.Contains(files, f => f.Path == "manifest.txt");
        var list = files.Single(f => f.Path == "list.txt");
        var served = await world.Database.ScalarAsync<byte[]>("select content from publishing.file where list = $1 and path = $2", version.List, $"targets/{version.ListSha256}.list.txt");
        Assert.Equal(Hashes.Sha256(served), Hashes.Sha256(list.Content));
    }

    private async Task<List<PublishedVersion>> VersionsAsync()
    {
        await using var db = await world.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(Ct);
        return await db.Versions.AsNoTracking().OrderBy(v => v.List).ThenBy(v => v.Serial).ToListAsync(Ct);
    }

    private Task<int> ChangeAsync(string change) => world.Database.ExecuteAsync(
        $"alter table publishing.version disable trigger all; update publishing.version set {change}; alter table publishing.version enable trigger all");
}
