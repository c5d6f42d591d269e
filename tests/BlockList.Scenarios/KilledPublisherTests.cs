using BlockList.Format;
using BlockList.Server.Publishing;
using BlockList.Tools.Deployments;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>kill -9 between any two steps of publishing, once each: what is served is always a whole version, and the
/// next run publishes what the killed one did not.</summary>
public sealed class KilledPublisherTests(Installation installation) : IDisposable
{
    private const int KilledBySignal = 137;
    private readonly ProviderClient client = new(installation.Deployment, installation.Provider);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Publisher_killed_between_any_two_steps_leaves_a_whole_version_and_the_next_run_goes_on()
    {
        var names = PublishFaults.All.ToDictionary(point => point, point => $"killed-{point.Split('/')[1]}.example");
        await installation.ProposeAsync(names.Values);
        await installation.PublishAsync();
        foreach (var (point, name) in names)
        {
            var (before, listBefore) = await client.VerifyWholeAsync(DevelopmentKeys.WorstOf);
            await installation.ReviewAsync(name);
            var killed = await installation.Deployment.TryAsync("publisher", ["publish", "--list", DevelopmentKeys.WorstOf], TestContext.Current.CancellationToken,
                new Dictionary<string, string> { [FaultPoint.Variable] = point });
            Prerequisite.Require(killed.ExitCode == KilledBySignal, $"The publisher did not die at {point} (exit code {killed.ExitCode}): build with -p:BlockListDevelopment=true");

            // The version before, or the next; nothing between.
            var (between, listBetween) = await client.VerifyWholeAsync(DevelopmentKeys.WorstOf);
            var published = point == PublishFaults.Committed;
            Assert.Equal(published ? before.Version.Next() : before.Version, between.Version);
            Assert.Equal(published, listBetween.Contains(name));
            Assert.False(listBefore.Contains(name));

            await installation.PublishAsync();
            var (after, listAfter) = await client.VerifyWholeAsync(DevelopmentKeys.WorstOf);
            Assert.Equal(before.Version.Next(), after.Version);
            Assert.True(listAfter.Contains(name));
        }
        await using var superuser = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        // No decision was taken twice or lost, and the ledger has no gap.
        Assert.Equal(0L, await ScalarAsync(superuser, "select count(*) from curation.decision d where not exists (select from publishing.ledger l where l.decision_id = d.id and l.outcome = 'accepted')"));
        Assert.Equal(0L, await ScalarAsync(superuser, "select max(position) - count(*) from publishing.ledger"));
        Assert.Equal(0L, await ScalarAsync(superuser, "select max(serial)::bigint - count(*) from publishing.version where list = 'worst-of'"));
        // What is in the log is what was exposed, each once and in order.
        Assert.Equal("whole", await ScalarAsync(superuser, """
            select case when count(*) = max(position) + 1 and count(*) = count(f.path) and max(l.targets_version) = (select targets_version from publishing.head where list = 'worst-of') then 'whole' end
            from publishing.log_leaf l left join publishing.file f on f.list = l.list and f.path = 'tuf/' || l.targets_version || '.targets.json' and l.leaf like '%targets ' || f.sha256 || chr(10)
            where l.list = 'worst-of'
            """));
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
