using BlockList.Server.Publishing;
using BlockList.Server.Verifying;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Failures;

/// <summary>PostgreSQL is stopped without a word and started again, between any two steps of publisher and verifier.</summary>
[Collection(BrittleCluster.Collection)]
public sealed class RestartedDatabaseTests
{
    private readonly BrittleCluster brittle;
    private readonly FailingWorld world;

    public RestartedDatabaseTests(BrittleCluster brittle)
    {
        (this.brittle, world) = (brittle, brittle.World);
        world.ForgetDeadConnections();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_fails_the_next_one_publishes_and_nothing_is_torn_or_lost()
    {
        // The verifier's loop began before this test and knows nothing of its token.
        var token = Ct;
        string[] points = [.. PublishFaults.All, .. VerifyFaults.All];
        var names = points.ToDictionary(point => point, point => point.Replace('/', '-') + ".example");
        await world.ProposeAsync([.. names.Values]);
        foreach (var point in points)
        {
            await world.ReviewAsync(names[point]);
            var before = await world.SerialAsync();
            world.Once(point, () => brittle.Cluster.RestartImmediatelyAsync(token));

            var problem = await Record.ExceptionAsync(() => world.PublishAsync());

            Prerequisite.Require(world.IsReached, $"Nothing reached {point}: build with -p:BlockListDevelopment=true");
            await world.DoneAsync();
            world.ForgetDeadConnections();
            // After the commit only the answer could get lost, and the run needs nothing more.
            Assert.Equal(point == PublishFaults.Committed, problem is null);
            Assert.Equal(before + (problem is null ? 1 : 0), await world.SerialAsync());
            await world.RequireWholeAsync(isAllPublished: problem is null);

            if (problem is not null) Assert.Equal(before + 1, Assert.IsType<PublishOutcome.Published>(await PublishAsync()).Serial.Value);
            await world.RequireWholeAsync();
        }
    }

    [Fact]
    public Task Removal_is_published_at_once_after_the_restart_without_anybody_doing_anything() => world.HearingAsync(async () =>
    {
        await world.ListAnotherAsync("removed-after-restart.example");
        var before = await world.SerialAsync();
        await brittle.Cluster.RestartImmediatelyAsync(Ct);
        world.ForgetDeadConnections();

        await world.RemoveAsync("removed-after-restart.example");

        await world.PublishedAfterAsync(before);
        await world.RequireWholeAsync();
        // In a sentence, without a stack trace.
        Assert.Contains(world.World.PublisherLog.At(LogLevel.Error), line => line.StartsWith("Decisions are not heard: The database ", StringComparison.Ordinal) && !line.Contains(" at Npgsql", StringComparison.Ordinal));
    });

    /// <summary>A verifier that died after it wrote a signature down gives that away first: the run of then is overtaken by it, and the next goes on with it.</summary>
    private async Task<PublishOutcome> PublishAsync() => await world.PublishAsync() is var outcome and not PublishOutcome.Overtaken ? outcome : await world.PublishAsync();
}
