using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Failures;

/// <summary>The disk of the database runs full in the middle of publishing. When there is room again, what was decided is published
/// without anybody touching a role.</summary>
[Collection(BrittleCluster.Collection)]
public sealed class FullDiskTests : IDisposable
{
    private readonly BrittleCluster brittle;
    private readonly FailingWorld world;

    public FullDiskTests(BrittleCluster brittle)
    {
        Prerequisite.Require(brittle.Disk is not null, brittle.WhyNoDisk);
        (this.brittle, world) = (brittle, brittle.World);
        world.ForgetDeadConnections();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => brittle.Disk!.Free();

    [Fact]
    public async Task Nothing_of_the_version_is_seen_until_there_is_room_again()
    {
        // More than fits into what the tables have left of their last pages.
        var names = Enumerable.Range(0, 600).Select(i => $"n{i}.full.example").ToArray();
        await world.DecideAsync(names);
        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());
        var before = await world.SerialAsync();
        await brittle.Cluster.ReadAsync<string>("checkpoint", Ct);
        world.Once(PublishFaults.Composed, () =>
        {
            brittle.Disk!.Fill();
            return Task.CompletedTask;
        });
        await world.HearingAsync(async () =>
        {
            Assert.IsType<DecideHeldOutcome.Done>(await world.World.SayOfHeldAsync("pieter", VersionAction.Confirm));
            await FailingWorld.EventuallyAsync(() => Task.FromResult(LinesOf(LogLevel.Critical, "cannot be").Any(line => line.Contains("The disk of the database is full (53100: ", StringComparison.Ordinal)
                && line.Contains("Make room on the file system of PostgreSQL's data directory", StringComparison.Ordinal) && !line.Contains(" at Npgsql", StringComparison.Ordinal))));
            Prerequisite.Require(world.IsReached, "Nothing reached the point: build with -p:BlockListDevelopment=true");
            Assert.Equal(before, await world.SerialAsync());
            await world.RequireWholeAsync(isAllPublished: false);

            brittle.Disk!.Free();

            await world.PublishedAfterAsync(before);
        });
        Assert.Equal(before + 1, await world.SerialAsync());
        await world.RequireWholeAsync();
        Assert.Equal(0L, await world.World.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cleared_at is null"));
    }

    /// <summary>A server that cannot write its log ends itself, and may not come up before there is room.</summary>
    [Fact]
    public async Task Server_that_ended_itself_for_want_of_room_is_gone_on_with()
    {
        await world.ListAnotherAsync("panic.example");
        var before = await world.SerialAsync();
        world.Once(PublishFaults.Composed, async () =>
        {
            brittle.Disk!.Fill();
            // Each switch needs a segment, and those that were kept for it are used up soon.
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => brittle.Cluster.ReadAsync<string>("select max(pg_switch_wal()::text || pg_logical_emit_message(false, 'fill', 'x')::text) from generate_series(1, 60)", Ct));
        });
        await world.HearingAsync(async () =>
        {
            await world.RemoveAsync("panic.example");
            await world.DoneAsync();
            brittle.Disk!.Free();
            await FailingWorld.EventuallyAsync(async () =>
            {
                // What systemd or a person does, where it did not come up by itself.
                if (brittle.Cluster.Process!.ExitCode is not null) await brittle.Cluster.StartAgainAsync(Ct);
                return await brittle.Cluster.ReadAsync<int>("select 1", Ct) == 1;
            });
            world.ForgetDeadConnections();
            await world.PublishedAfterAsync(before);
        });
        await world.RequireWholeAsync();
        Assert.Equal(0L, await world.World.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cleared_at is null"));
    }

    private IEnumerable<string> LinesOf(LogLevel level, string part) => world.World.PublisherLog.At(level).Where(line => line.Contains(part, StringComparison.Ordinal));
}
