using BlockList.Format.Lists;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What the verifier refuses stays due. It is not asked for with every look: both sides keep each row for ever.</summary>
public sealed class RefusedAgainTests(PostgresFixture postgres) : PublishingTests(postgres)
{

    protected override async Task PrepareAsync()
    {
        await World.KeepListedAsync();
        await World.PublishAsync();
    }

    [Fact]
    public async Task Version_that_is_refused_again_and_again_is_asked_for_less_and_less_often()
    {
        var evil = (await new TakenOverPublisher(World).CurrentAsync()).List.Union(ListFile.OfLines(["innocent.example"]));
        for (var times = 1; times <= 3; times++) Assert.False((await RefusedAsync(evil)).IsRepeated);

        var repeated = await RefusedAsync(evil);

        Assert.True(repeated.IsRepeated);
        Assert.Contains("1 entries too many", repeated.Message, StringComparison.Ordinal);
        Assert.Equal(3L, await CandidatesAsync());
        // Another version is asked for at once, and the same when its time has come.
        Assert.False((await RefusedAsync(evil.Union(ListFile.OfLines(["other.example"])))).IsRepeated);
        await World.Database.ExecuteAsync("alter table verifying.answer disable trigger all; update verifying.answer set answered_at = answered_at - interval '31 seconds'; alter table verifying.answer enable trigger all");
        Assert.False((await RefusedAsync(evil)).IsRepeated);
        Assert.True((await RefusedAsync(evil)).IsRepeated);
        Assert.Equal(5L, await CandidatesAsync());
    }

    [Fact]
    public async Task Repeated_refusal_keeps_its_alarm_and_is_not_logged_with_every_look()
    {
        var watch = World.Publisher.GetRequiredService<WatchLists>();
        foreach (var isRepeated in new[] { false, true, true })
            await watch.TryAsync(DevelopmentKeys.WorstOf, WatchLists.Publishing, () => throw new NotCountersignedException("The verifier refuses it.", isRepeated), Ct);

        Assert.Single(World.PublisherLog.At(LogLevel.Critical), line => line.Contains("The verifier refuses it.", StringComparison.Ordinal));
        Assert.Equal(1L, await World.Database.ScalarAsync<long>("select count(*) from publishing.alarm where kind = 'verifier' and cleared_at is null"));
    }

    private Task<NotCountersignedException> RefusedAsync(ListFile wanted) => Assert.ThrowsAsync<NotCountersignedException>(() => new TakenOverPublisher(World).AskAsync(wanted));

    private Task<long> CandidatesAsync() => World.Database.ScalarAsync<long>("select count(*) from verifying.answer where outcome = 'refused'");
}
