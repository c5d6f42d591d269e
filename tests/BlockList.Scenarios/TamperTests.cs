using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>One changed byte in the signed content of each file that a client downloads: refused by our agent and by tuf-js.</summary>
public sealed class TamperTests(Installation installation) : IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;
    private readonly ProviderClient client = new(installation.Deployment, installation.Provider);
    private TamperingServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TamperingServer.StartAsync(installation, client);
        // Enough names that a step costs less than the list, then a second version: clients then have a delta to take.
        if ((await client.VerifyWholeAsync(List)).Facts.Count < 30)
        {
            var names = Enumerable.Range(1, 40).Select(i => $"tamper{i}.example").ToArray();
            await installation.ProposeAsync(names);
            // What other tests left decided goes out first: together they would be more than a version may add, and be held.
            await installation.PublishAsync();
            await installation.ReviewAsync(names);
            await installation.PublishAsync();
        }
        if (await client.FindAsync(List, "tuf/2.root.json") is null)
        {
            installation.Deployment.Keys.SignRoot(List, 2);
            await installation.Deployment.RunAsync("publisher", ["publisher", "root", installation.Deployment.Keys.RootFile(List, 2)], TestContext.Current.CancellationToken);
            await installation.PublishAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        client.Dispose();
    }

    [Fact]
    public async Task Untouched_files_are_taken_by_both()
    {
        Assert.Equal(0, await FetchAsync("plain"));
        Assert.Equal(0, (await new TufJs(installation).DownloadAsync(List, "list.txt", server.Address)).ExitCode);
    }

    [Theory]
    [InlineData("2.root.json")]
    [InlineData("timestamp.json")]
    [InlineData(".snapshot.json")]
    [InlineData(".targets.json")]
    [InlineData(".list.txt")]
    public async Task Changed_file_is_refused_by_both(string file)
    {
        server.Tampered = file;
        Assert.Equal(4, await FetchAsync(file));
        Assert.True(server.Changes > 0);
        var before = server.Changes;
        var tufJs = await new TufJs(installation).DownloadAsync(List, "list.txt", server.Address);
        Assert.StartsWith("REFUSED ", tufJs.Output, StringComparison.Ordinal);
        Assert.True(server.Changes > before);
    }

    [Fact]
    public async Task Changed_delta_is_refused_and_the_full_list_taken_instead()
    {
        Assert.Equal(0, await FetchAsync("delta"));
        var added = $"delta{TimeProvider.System.GetUtcNow().Ticks}.example";
        await installation.ProposeAsync(added);
        await installation.ReviewAsync(added);
        await installation.PublishAsync();
        server.Tampered = "/delta/";
        Assert.Equal(0, await FetchAsync("delta"));
        Assert.Equal(1, server.Changes);
        Assert.Equal((await client.VerifyWholeAsync(List)).List.ToBytes(), await File.ReadAllBytesAsync(
            Directory.GetFiles(Path.Combine(Folder("delta"), "state", List), "list.txt", SearchOption.AllDirectories).Single(), TestContext.Current.CancellationToken));
        var delta = (await new TufJs(installation).DownloadAsync(List, $"delta/{(await client.VerifyWholeAsync(List)).Facts.Version.Value - 1}-{(await client.VerifyWholeAsync(List)).Facts.Version}.txt", server.Address));
        Assert.StartsWith("REFUSED ", delta.Output, StringComparison.Ordinal);
    }

    private string Folder(string name) => installation.State.Directory("tamper", name.Trim('.'));

    /// <summary>An agent of its own, whose server is the tampering one. Returns the exit code of <c>fetch</c>.</summary>
    private async Task<int> FetchAsync(string name)
    {
        var folder = Folder(name);
        var bundle = installation.Provider.BundleDirectory;
        var configuration = Path.Combine(folder, "agent.ini");
        if (!File.Exists(configuration))
        {
            var state = installation.State.Directory("tamper", name.Trim('.'), "state");
            installation.State.Directory("tamper", name.Trim('.'), "state", List);
            installation.State.Directory("tamper", name.Trim('.'), "state", List, "tuf");
            installation.State.Write(Path.Combine(state, List, "tuf", "root.json"), await File.ReadAllTextAsync(Path.Combine(bundle, List + ".root.json"), TestContext.Current.CancellationToken));
            installation.State.Write(configuration, $"""
                [agent]
                state = {state}
                [server]
                address = {server.Address}
                ca = {bundle}/ca.pem
                certificate = {bundle}/certificate.pem
                key = {bundle}/key.pem
                [list {List}]
                resolver = unbound
                zonefile = {folder}/{List}.rpz
                [resolver unbound]
                type = unbound
                control = {string.Join(' ', installation.Provider.Resolver.ControlCommand)}
                address = {installation.Provider.Resolver.Address}

                """);
        }
        else
        {
            var text = await File.ReadAllLinesAsync(configuration, TestContext.Current.CancellationToken);
            installation.State.Write(configuration, string.Join('\n', text.Select(l => l.StartsWith("address = https", StringComparison.Ordinal) ? $"address = {server.Address}" : l)) + "\n");
        }
        var result = await installation.Deployment.AgentAsync(["fetch", "--config", configuration], TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(result.Errors + result.Output);
        return result.ExitCode;
    }
}
