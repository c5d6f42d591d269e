using System.Globalization;
using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Server.Publishing;
using BlockList.Server.Verifying;
using BlockList.Tools.Benchmarks;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Faults;

/// <summary>
/// Publishers and verifier die, at fault points and at random moments, two publishers at a time and beside a third that lives.
/// What is served must be whole at every moment, no decision may be lost and no serial may have two lists. Ends by itself.
/// </summary>
internal static class PublishChaos
{
    private const int KillsWanted = 300;
    private const int DeathsBeforeRecovery = 4;
    private const int RemoveEvery = 5;
    private const string List = DevelopmentKeys.WorstOf;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    public static async Task<int> RunAsync(string checkout, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        using var state = StateDirectory.Temporary();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { Durable = false, AlwaysPrivate = true }, preferUsualPorts: false, Console.WriteLine, limit.Token);
        var run = new Campaign(installation.Deployment, state, limit.Token);
        try
        {
            await run.PrepareAsync(KillsWanted);
            for (var turn = 0; run.Kills < KillsWanted; turn++) await run.TurnAsync(turn);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Console.WriteLine($"Stopped after {Limit.TotalMinutes} minutes; what was not done by then counts as missing.");
        }
        return await run.ConcludeAsync(ct);
    }

    private sealed class Campaign(Deployment deployment, StateDirectory state, CancellationToken ct)
    {
        private readonly Findings findings = new("publish");
        private readonly PublishedWatch watch = new(deployment, List);
        private readonly SortedSet<string> expected = new(StringComparer.Ordinal);
        private string[] names = [];
        private int reviewed;
        private int publisherKills;
        private int verifierKills;

        public int Kills => publisherKills + verifierKills;

        public async Task PrepareAsync(int most)
        {
            names = [.. Enumerable.Range(0, most).Select(i => string.Create(CultureInfo.InvariantCulture, $"chaos{i:000}.example"))];
            var file = state.Write(state.File("chaos.csv"), DemoList.Csv(names.Select(n => (n, "domain")), TimeProvider.System.GetUtcNow().AddDays(-1)));
            var staged = await deployment.RunAsync("curation", ["import", file, "--list", List, "--person", "anna", "--json"], ct);
            var import = System.Text.Json.JsonDocument.Parse(staged).RootElement.GetProperty("import").GetString()!;
            await deployment.RunAsync("curation", ["decide", "import", import, "--passkey", deployment.Cast["anna"].PasskeyFile], ct);
            expected.UnionWith((await watch.LookAsync(ct)).List.Lines);
        }

        public async Task TurnAsync(int turn)
        {
            findings.Count();
            await DecideAsync(turn);
            // One dies between two steps, the other at any moment; every third time the verifier dies under both.
            var deaths = new List<Task> { DieAtAsync(PublishFaults.All[turn % PublishFaults.All.Length]), DieAfterAsync(RandomNumberGenerator.GetInt32(300, 2500)) };
            if (turn % 3 == 0) deaths.Add(KillVerifierAsync(turn));
            await Task.WhenAll(deaths);
            await LookAsync();
            if (turn % DeathsBeforeRecovery == DeathsBeforeRecovery - 1) await RecoverAsync();
        }

        public async Task<int> ConcludeAsync(CancellationToken cancellationToken)
        {
            foreach (var problem in await watch.FindLossesAsync(cancellationToken)) findings.Note(problem);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"kills of publishers",-28}{publisherKills,6}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"kills of the verifier",-28}{verifierKills,6}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"versions that were looked at",-28}{watch.Looks,6}, up to version {watch.Newest}"));
            foreach (var problem in findings.Problems.Take(20)) Console.WriteLine($"  {problem}");
            return Goal.Conclude(new Goal("publish-chaos-kills-missing", Math.Max(0, KillsWanted - Kills), 0), new Goal("publish-chaos-problems", findings.Problems.Count, 0));
        }

        private async Task DecideAsync(int turn)
        {
            if (turn % RemoveEvery == RemoveEvery - 1 && expected.FirstOrDefault(n => n.StartsWith("chaos", StringComparison.Ordinal)) is { } gone)
            {
                await deployment.RunAsync("curation", ["decide", "remove", "--list", List, "--name", gone, "--note", "chaos", "--passkey", deployment.Cast["olav"].PasskeyFile], ct);
                expected.Remove(gone);
                return;
            }
            var name = names[reviewed++];
            await deployment.RunAsync("curation", ["decide", "review", "--list", List, "--name", name, "--passkey", deployment.Cast["bram"].PasskeyFile], ct);
            expected.Add(name);
        }

        private async Task DieAtAsync(string point)
        {
            var result = await deployment.TryAsync("publisher", ["publish", "--list", List], ct, new Dictionary<string, string> { [FaultPoint.Variable] = point });
            if (result.ExitCode == 128 + (int)UnixSignal.Kill) publisherKills++;
        }

        private async Task DieAfterAsync(int milliseconds)
        {
            using var death = CancellationTokenSource.CreateLinkedTokenSource(ct);
            death.CancelAfter(milliseconds);
            try
            {
                await deployment.TryAsync("publisher", ["publish", "--list", List], death.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                publisherKills++;
            }
        }

        private async Task KillVerifierAsync(int turn)
        {
            await deployment.Roles.Last(role => role.Name == "verifier").DisposeAsync();
            var point = turn % 2 == 0 ? VerifyFaults.All[turn / 6 % VerifyFaults.All.Length] : null;
            var verifier = await deployment.StartRoleAsync("verifier", ct, point is null ? null : new Dictionary<string, string> { [FaultPoint.Variable] = point });
            await Task.WhenAny(verifier.Exited, Task.Delay(RandomNumberGenerator.GetInt32(200, 2000), ct));
            if (!verifier.Exited.IsCompleted) verifier.Signal(UnixSignal.Kill);
            if (await verifier.Exited.WaitAsync(ct) == 128 + (int)UnixSignal.Kill) verifierKills++;
            await deployment.StartRoleAsync("verifier", ct);
        }

        private async Task LookAsync()
        {
            var (problem, list) = await watch.LookAsync(ct);
            if (problem is not null) findings.Note(problem);
            // Whatever died: nothing is served that nobody decided.
            if (list.Lines.FirstOrDefault(line => line.StartsWith("chaos", StringComparison.Ordinal) && !names.AsSpan(0, reviewed).Contains(line)) is not null)
                findings.Note("a name is served that one agency alone found");
        }

        private async Task RecoverAsync()
        {
            var published = await deployment.TryAsync("publisher", ["publish", "--list", List], ct);
            if (published.ExitCode != 0) findings.Note($"a run without any fault ended with {published.ExitCode}: {published.Errors.Trim()}");
            var (problem, list) = await watch.LookAsync(ct);
            if (problem is not null) findings.Note(problem);
            else if (!list.Lines.SequenceEqual(expected, StringComparer.Ordinal)) findings.Note($"after a run without any fault the list has {list.Count} entries, {expected.Count} are decided");
        }
    }
}
