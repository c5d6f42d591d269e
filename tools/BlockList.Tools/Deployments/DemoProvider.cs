using System.Text.Json;
using BlockList.Tools.Development;

namespace BlockList.Tools.Deployments;

/// <summary>A provider: enrolled at the deployment, with a real Unbound and an agent that keeps it.</summary>
internal sealed class DemoProvider : IAsyncDisposable
{
    private readonly Deployment deployment;
    private readonly string name;

    private DemoProvider(Deployment deployment, string name, UnboundResolver resolver)
    {
        this.deployment = deployment;
        this.name = name;
        Resolver = resolver;
    }

    public UnboundResolver Resolver { get; }

    public string AgentConfiguration => Path.Combine(deployment.State.Directory(name), "agent", "agent.ini");

    public string BundleDirectory => deployment.State.Directory(name, "bundle");

    public string ZoneFile(string list) => Path.Combine(deployment.State.Directory(name, "zones"), list + ".rpz");

    /// <summary>Registers the provider, issues and enrols its certificate, and writes the bundle that it is handed.</summary>
    public static async Task<DemoProvider> EnrolAsync(Deployment deployment, string name, AuthoritativeDns authority, int preferredPort, TimeProvider clock, CancellationToken cancellationToken)
    {
        var state = deployment.State;
        state.Directory(name);
        var zones = DevelopmentKeys.Followed.Select(list => new PolicyZone(list, Path.Combine(state.Directory(name, "zones"), list + ".rpz"))).ToArray();
        var resolver = await UnboundResolver.StartAsync(state, authority.Address, zones, preferredPort, cancellationToken);
        var provider = new DemoProvider(deployment, name, resolver);
        try
        {
            await provider.IssueAsync(clock, cancellationToken);
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    public Task<SubprocessResult> AgentAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null) =>
        deployment.AgentAsync([.. arguments, "--config", AgentConfiguration], cancellationToken, environment);

    /// <summary><c>blocklist-agent enroll</c>, with the roots' hashes that the operator told the provider by another way.</summary>
    public Task<SubprocessResult> EnrollAgentAsync(CancellationToken cancellationToken)
    {
        var roots = DevelopmentKeys.Followed.SelectMany(list => new[] { "--root-sha256", $"{list}={Format.Hashes.Sha256(File.ReadAllBytes(deployment.Keys.RootFile(list)))}" });
        deployment.State.Directory(name, "agent");
        return AgentAsync(["enroll", BundleDirectory, .. roots, "--unbound-control", string.Join(' ', Resolver.ControlCommand), "--unbound-address", Resolver.Address.ToString(),
            "--zone-directory", deployment.State.Directory(name, "zones"), "--state", deployment.State.Directory(name, "state"), "--force"], cancellationToken);
    }

    /// <summary>Names that the provider never blocks, whatever is listed.</summary>
    public void NeverBlock(params string[] names)
    {
        var file = Path.Combine(Path.GetDirectoryName(AgentConfiguration)!, "never-block.txt");
        deployment.State.Write(file, string.Concat(names.Select(name => name + "\n")));
        var zone = $"zone={DevelopmentKeys.WorstOf}\n";
        deployment.State.Write(AgentConfiguration, File.ReadAllText(AgentConfiguration).Replace(zone, $"{zone}neverblock={file}\n", StringComparison.Ordinal));
    }

    /// <summary>The version in force of a list as the agent reports it, or null.</summary>
    public async Task<JsonElement> StatusAsync(CancellationToken cancellationToken) =>
        JsonDocument.Parse((await AgentAsync(["status", "--json"], cancellationToken)).Output).RootElement;

    public ValueTask DisposeAsync() => Resolver.DisposeAsync();

    private async Task IssueAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var known = await deployment.RunAsync("curation", ["provider", "list", "--json"], cancellationToken);
        if (!known.Contains($"\"{name}\"", StringComparison.Ordinal))
            await deployment.RunAsync("curation", ["provider", "register", name, "--contact", $"noc@{name}.example", .. DevelopmentKeys.Followed.SelectMany(l => new[] { "--list", l })], cancellationToken);
        var issued = deployment.Pki.IssueClientCertificate(name, clock.GetUtcNow().AddMinutes(-5), clock.GetUtcNow().AddDays(90));
        var (certificate, key) = deployment.Pki.Save(name, issued);
        await deployment.RunAsync("curation", ["provider", "enrol", name, "--certificate", certificate], cancellationToken);

        var state = deployment.State;
        state.Write(Path.Combine(BundleDirectory, "bundle.ini"), $"[bundle]\nserver = {deployment.ServerAddress}\nprovider = {name}\nlists = {string.Join(", ", DevelopmentKeys.Followed)}\n");
        state.Write(Path.Combine(BundleDirectory, "ca.pem"), await File.ReadAllTextAsync(deployment.Pki.ServerAuthorityFile, cancellationToken));
        state.Write(Path.Combine(BundleDirectory, "certificate.pem"), await File.ReadAllTextAsync(certificate, cancellationToken));
        state.Write(Path.Combine(BundleDirectory, "key.pem"), await File.ReadAllTextAsync(key, cancellationToken), secret: true);
        foreach (var list in DevelopmentKeys.Followed)
            state.Write(Path.Combine(BundleDirectory, list + ".root.json"), await File.ReadAllTextAsync(deployment.Keys.RootFile(list), cancellationToken));
    }
}
