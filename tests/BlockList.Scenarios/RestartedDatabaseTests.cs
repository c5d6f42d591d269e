using BlockList.Tools.Deployments;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>PostgreSQL is restarted under all roles, each a process of its own: every one of them comes back by itself.</summary>
public sealed class RestartedDatabaseTests(Installation installation) : IDisposable
{
    private const string List = DevelopmentKeys.WorstOf;
    private const string Name = "removed-after-restart.example";

    /// <summary>What all of it may take; Quartz alone waits for 15 seconds after a failure.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly ProviderClient client = new(installation.Deployment, installation.Provider);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Removal_is_served_and_every_role_works_on_after_a_restart_without_anybody_doing_anything()
    {
        // Not the last entry of the list, which only its owner lets go.
        await installation.ProposeAsync(Name, "kept-over-restart.example");
        await installation.ReviewAsync(Name, "kept-over-restart.example");
        await installation.PublishAsync();
        var (before, listBefore) = await client.VerifyWholeAsync(List);
        Assert.True(listBefore.Contains(Name));

        // People look at pages meanwhile; those that look again after the restart see nothing of it.
        using var http = new HttpClient();
        await LookAsync(http);
        // Without the cluster, which is what stops; and other tests left verifiers that they killed.
        var running = installation.Demo.Processes.Where(process => process is { ExitCode: null } && process != installation.Demo.Cluster.Process).ToArray();
        await installation.Demo.Cluster.RestartImmediatelyAsync(Ct);
        await LookAsync(http);
        var restartedAt = await ScalarAsync<DateTime>("select pg_postmaster_start_time()");
        var deployment = installation.Deployment;
        await deployment.RunAsync("curation", ["decide", "remove", "--list", List, "--name", Name, "--note", "restart", "--passkey", deployment.Cast["olav"].PasskeyFile], Ct);

        // Publisher, verifier and distribution.
        await EventuallyAsync(async () => await ScalarAsync<int>($"select serial from publishing.head where list = '{List}'") > before.Version.Value);
        await EventuallyAsync(async () => await client.FindAsync(List, "tuf/timestamp.json") is not null);
        var (after, listAfter) = await client.VerifyWholeAsync(List);
        Assert.False(listAfter.Contains(Name));
        Assert.Equal(before.Version.Next(), after.Version);
        Assert.True(after.Urgent);
        await EventuallyAsync(async () => await client.HintAsync(List) == $"data: {{\"version\":{after.Version.Value},\"urgent\":true}}");
        // The jobs of the three roles that have some.
        foreach (var (schema, job) in new[] { ("quartz_publisher", "sweep-schedule"), ("quartz_worker", "seal-audit"), ("quartz_checker", "check-proofs") })
            await EventuallyAsync(async () => await ScalarAsync<long>($"select max(prev_fire_time) from {schema}.qrtz_triggers where trigger_name = '{job}'") > restartedAt.Ticks);
        await EventuallyAsync(async () => await ScalarAsync<long>("select count(*) from oversight.audit where action = 'version.publish' and seal_id is null") == 0);
        Assert.NotEmpty(running);
        Assert.All(running, process => Assert.Null(process!.ExitCode));
    }

    /// <summary>Pages that read the database, several at once, so that as many connections are open.</summary>
    private async Task LookAsync(HttpClient http)
    {
        string[] pages = [installation.Deployment.CurationAddress + "/development/sign-in", installation.Deployment.PortalAddress + "/en/criteria"];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var page = await http.GetAsync(new Uri(pages[i % pages.Length]), Ct);
            Assert.True(page.IsSuccessStatusCode, $"{pages[i % pages.Length]}: {page.StatusCode}");
        }));
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        var until = TimeProvider.System.GetUtcNow() + Bound;
        while (true)
        {
            try
            {
                if (await isSo()) return;
            }
            catch (HttpRequestException) when (TimeProvider.System.GetUtcNow() < until)
            {
                // 503, until the node has its database again.
            }
            Assert.True(TimeProvider.System.GetUtcNow() < until, "what was awaited did not come");
            await Task.Delay(TimeSpan.FromMilliseconds(250), Ct);
        }
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(installation.Deployment.SuperuserConnectionString) { Pooling = false });
        await using var command = superuser.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }
}
