using System.Globalization;
using System.Text;
using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Data;
using BlockList.Server.Publishing;
using BlockList.Server.Tests.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Failures;

/// <summary>A deployment whose publisher goes on by itself, and what must hold of it whatever befell its database.</summary>
internal sealed class FailingWorld(PostgresFixture postgres) : IAsyncDisposable
{
    public const string List = DevelopmentKeys.WorstOf;

    /// <summary>Far more than any of it takes; a wait that comes to its end has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SortedSet<string> expected = new(StringComparer.Ordinal);
    private Action<string>? atPoint;
    private TaskCompletionSource done = new();

    public PublishingWorld World { get; } = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task StartAsync(params string[] names)
    {
        Watch();
        await World.InitializeAsync();
        await DecideAsync(names);
        await World.PublishAsync();
        await RequireWholeAsync();
    }

    public async Task<PublishOutcome> PublishAsync()
    {
        Watch();
        return await World.PublishAsync();
    }

    /// <summary>The part of the publisher that publishes by itself, while the test does something.</summary>
    public async Task HearingAsync(Func<Task> what)
    {
        Watch();
        using var hearing = ActivatorUtilities.CreateInstance<HearDecisions>(World.Publisher);
        await hearing.StartAsync(Ct);
        try
        {
            await what();
        }
        finally
        {
            await hearing.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Does this once, the first time that anything reaches the point.</summary>
    public void Once(string point, Func<Task> what)
    {
        var finished = done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<string>? armed = null;
        armed = reached =>
        {
            if (reached != point || Interlocked.CompareExchange(ref atPoint, null, armed) != armed) return;
            finished.SetFromTask(Run(what));
        };
        Volatile.Write(ref atPoint, armed);
    }

    /// <summary>To its end, however that is: the flow that came to the point goes on after it.</summary>
    private static Task Run(Func<Task> what)
    {
        var running = Task.Run(what);
        ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        return running;
    }

    /// <summary>Until what was to be done once was done.</summary>
    public Task DoneAsync() => done.Task.WaitAsync(Patience, Ct);

    /// <summary>Whether anything came to the point.</summary>
    public bool IsReached => Volatile.Read(ref atPoint) is null;

    /// <summary>Two agencies find each of them met.</summary>
    public async Task DecideAsync(IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        await ProposeAsync(names);
        await ReviewAsync(names);
    }

    public async Task ProposeAsync(IReadOnlyList<string> names)
    {
        var seen = World.Now.AddDays(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var csv = "domain,scope,sighted_at,c1,c2,c3,reference,note\n" + string.Concat(names.Select(name => $"{name},domain,{seen},met,met,met,ICCAM:1,seen\n"));
        var staged = Assert.IsType<StageOutcome.Staged>(await World.Curation.GetRequiredService<StageImport>().RunAsync(Encoding.UTF8.GetBytes(csv), "test.csv", List, "anna", false, false, null, Ct));
        Assert.IsType<SubmitOutcome.Accepted>(await World.SignAsync("anna", p => p.ForImportAsync(staged.Import!.Value, World.CredentialOf("anna"), Ct), staged.Import));
    }

    public async Task ReviewAsync(params IReadOnlyList<string> names)
    {
        Assert.IsType<SubmitOutcome.Accepted>(await World.SignAsync("bram", p => p.ForReviewAsync(List, names, Verdict.Met, null, World.CredentialOf("bram"), Ct)));
        expected.UnionWith(names);
    }

    /// <summary>Decided and published.</summary>
    public async Task ListAnotherAsync(params IReadOnlyList<string> names)
    {
        await DecideAsync(names);
        Assert.IsType<PublishOutcome.Published>(await PublishAsync());
    }

    public async Task RemoveAsync(string name)
    {
        Assert.IsType<SubmitOutcome.Accepted>(await World.DecideAsync("olav", DecisionKind.Removal, name));
        expected.Remove(name);
    }

    /// <summary>Connections that died while nobody used them are found by their first use, which fails: people's pages show an error once.
    /// The publisher and the verifier each have one that listens, whose end is noticed at once, and with it that of the others.</summary>
    public void ForgetDeadConnections()
    {
        World.Publisher.GetRequiredService<NpgsqlDataSource>().Clear();
        World.Curation.GetRequiredService<NpgsqlDataSource>().Clear();
        World.Database.Superuser.Clear();
    }

    public Task<int> SerialAsync() => World.Database.ScalarAsync<int>("select serial from publishing.head where list = $1", List);

    /// <summary>Waits until the publisher went on by itself to a later version than this.</summary>
    public async Task PublishedAfterAsync(int serial)
    {
        await EventuallyAsync(async () => await SerialAsync() > serial);
        // What the old primary committed last is there before the publisher has found the new one.
        await EventuallyAsync(async () => (await World.ReadHeadAsync()).Serial > serial);
    }

    public static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                if (await isSo()) return;
            }
            catch (Exception problem) when (DatabaseTrouble.Describe(problem) is not null && TimeProvider.System.GetUtcNow() < until)
            {
                // It comes back.
            }
            Assert.True(TimeProvider.System.GetUtcNow() < until, "what was awaited did not come");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Ct);
        }
    }

    /// <summary>As a client sees it and as the tables tell it: one whole list, the one that is decided, each serial once, nothing lost.</summary>
    public async Task RequireWholeAsync(bool isAllPublished = true)
    {
        var facts = await World.VerifyAsClientAsync();
        Assert.Equal(await SerialAsync(), facts.Version.Value);
        if (!isAllPublished) return;
        Assert.Equal(expected, (await World.ReadListAsync()).Lines);
        Assert.Equal(0L, await CountAsync("from curation.decision d where not exists (select from publishing.ledger l where l.decision_id = d.id and l.outcome = 'accepted')"));
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select max(position) - count(*) from publishing.ledger"));
        Assert.Equal(0L, await CountAsync("from (select from verifying.answer where outcome = 'signed' group by list, serial having count(distinct list_sha256) > 1) as twice"));
        Assert.Equal(0L, await CountAsync("from (select from verifying.answer where outcome = 'signed' group by list, targets_version having count(*) > 1) as twice"));
        Assert.Equal(0L, await CountAsync("from publishing.version v where not exists (select from publishing.file f where f.list = v.list and f.path = 'targets/' || v.list_sha256 || '.list.txt')"));
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select max(serial) - count(*) from publishing.version where list = $1", List));
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    /// <summary>Whatever is started from here on by this flow of control, the verifier's loop for one, tells of the points that it reaches.</summary>
    private void Watch() => FaultPoint.Watcher.Value = point => Volatile.Read(ref atPoint)?.Invoke(point);

    private Task<long> CountAsync(string sql) => World.Database.ScalarAsync<long>("select count(*) " + sql);
}
