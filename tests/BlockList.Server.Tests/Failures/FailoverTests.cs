using BlockList.Server.Publishing;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Failures;

/// <summary>The primary is lost in the middle of publishing, and a synchronous standby takes its place.</summary>
[Collection(BrittleCluster.Collection)]
public sealed class FailoverTests(BrittleCluster brittle)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Roles_go_on_with_the_new_primary_and_nothing_is_lost_or_signed_twice()
    {
        using var state = StateDirectory.Temporary();
        var first = brittle.Cluster;
        await using var second = await first.StartStandbyAsync(state, BrittleCluster.Options, Ct);
        try
        {
            await using var world = new FailingWorld(brittle.Postgres);
            await world.StartAsync("kept0.example", "kept1.example", "staged.example", "committed.example");
            await world.HearingAsync(async () =>
            {
                // What was not committed is on neither; what was is on both, since the commit waited for the other.
                await LoseAsync(PublishFaults.Staged, first, second, world);
                await first.FollowAsync(second, Ct);
                await LoseAsync(PublishFaults.Committed, second, first, world);
            });
        }
        finally
        {
            await first.BeAloneAsync(Ct);
        }
    }

    private static async Task LoseAsync(string point, PrivateCluster primary, PrivateCluster standby, FailingWorld world)
    {
        var before = await world.SerialAsync();
        world.Once(point, primary.StopImmediatelyAsync);
        await world.RemoveAsync(point.Split('/')[1] + ".example");
        await FailingWorld.EventuallyAsync(() => Task.FromResult(world.IsReached));
        await world.DoneAsync();

        await standby.PromoteAsync(Ct);

        world.ForgetDeadConnections();
        await world.PublishedAfterAsync(before);
        Assert.Equal(before + 1, await world.SerialAsync());
        await world.RequireWholeAsync();
    }
}
