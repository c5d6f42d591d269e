using System.Text.Json;

namespace BlockList.Tools.Deployments;

/// <summary>Fills a demo installation once: a list that two agencies decided, published and in force at the provider.</summary>
internal sealed class DemoContent(DemoInstallation installation)
{
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var deployment = installation.Deployment;
        await LoadRegisterAsync(deployment, cancellationToken);
        installation.Report("          a list of sites and two critical services are in the register");
        var file = deployment.State.Write(deployment.State.File("demo.csv"), DemoList.Csv(
            DemoList.Others.Append(DemoList.Followed).Select(n => (n, "domain")).Append((DemoList.Host, "host")), TimeProvider.System.GetUtcNow().AddDays(-1)));
        var staged = await deployment.RunAsync("curation", ["import", file, "--list", DevelopmentKeys.WorstOf, "--person", "anna", "--skip-known", "--json"], cancellationToken);
        if (JsonDocument.Parse(staged).RootElement.GetProperty("import").GetString() is { } import)
            await deployment.RunAsync("curation", ["decide", "import", import, "--passkey", deployment.Cast["anna"].PasskeyFile], cancellationToken);
        // By name, and although nothing was staged: an earlier start may have been stopped between the two agencies, and
        // what a person proposed by hand since is theirs to assess.
        var names = DemoList.Others.Append(DemoList.Followed).Append(DemoList.Host).SelectMany(name => new[] { "--name", name });
        await deployment.RunAsync("curation", ["decide", "review", "--list", DevelopmentKeys.WorstOf, .. names, "--passkey", deployment.Cast["bram"].PasskeyFile], cancellationToken);
        installation.Report("          a demo list is proposed by NO and assessed by NL");
        foreach (var list in DevelopmentKeys.Lists) await deployment.RunAsync("publisher", ["publish", "--list", list], cancellationToken);
        (await installation.Provider.EnrollAgentAsync(cancellationToken)).Require();
        installation.Provider.NeverBlock(DemoList.Others[0]);
        (await installation.Provider.AgentAsync(["apply"], cancellationToken)).Require();
        installation.Report($"          published, fetched and in force at the provider, which leaves out {DemoList.Others[0]} by its own never-block file");
        await DemoFleet.JoinAsync(deployment.SuperuserConnectionString, cancellationToken);
        installation.Report("          forty more providers have reported what is in force");
    }

    /// <summary>Names that must not be listed; what an earlier start entered already is left as it is.</summary>
    public static async Task LoadRegisterAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var sites = deployment.State.Write(deployment.State.File("demo-sites.csv"), DemoList.SitesCsv());
        await deployment.RunAsync("curation", ["decide", "register", "import", sites, "--reason", "demo: no such site exists", "--passkey", deployment.Cast["olav"].PasskeyFile], cancellationToken);
        foreach (var (name, reason) in DemoList.Critical)
            await deployment.RunAsync("curation", ["decide", "register", "add", name, "--source", "critical", "--reason", reason, "--passkey", deployment.Cast["anna"].PasskeyFile], cancellationToken);
    }
}
