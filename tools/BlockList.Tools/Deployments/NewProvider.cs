using System.IO.Compression;
using BlockList.Tools.Development;

namespace BlockList.Tools.Deployments;

/// <summary>A provider that nobody enrolled: a machine of its own with a real Unbound, and an agent that is not set up.</summary>
internal sealed class NewProvider : IAsyncDisposable
{
    private readonly Deployment deployment;
    private readonly StateDirectory machine;

    private NewProvider(Deployment deployment, StateDirectory machine, UnboundResolver resolver, string name)
    {
        this.deployment = deployment;
        this.machine = machine;
        Resolver = resolver;
        Name = name;
    }

    public string Name { get; }

    public UnboundResolver Resolver { get; }

    public string BundleDirectory => machine.Directory("bundle");

    public string AgentConfiguration => Path.Combine(machine.Directory("agent"), "agent.ini");

    public string AgentState => machine.Directory("state");

    /// <summary>As it came with the bundle.</summary>
    public string RootFile(string list) => Path.Combine(BundleDirectory, list + ".root.json");

    public static async Task<NewProvider> StartAsync(Deployment deployment, AuthoritativeDns authority, string name, CancellationToken cancellationToken)
    {
        var machine = StateDirectory.Temporary();
        var zones = DevelopmentKeys.Followed.Select(list => new PolicyZone(list, Path.Combine(machine.Directory("zones"), list + ".rpz"))).ToArray();
        return new NewProvider(deployment, machine, await UnboundResolver.StartAsync(machine, authority.Address, zones, ct: cancellationToken), name);
    }

    /// <summary>What the operator hands out: no certificate and no key. The address of enrolment is the public site.</summary>
    public async Task TakeBundleAsync(CancellationToken cancellationToken)
    {
        machine.Write(Path.Combine(BundleDirectory, "bundle.ini"),
            $"[bundle]\nserver = {deployment.ServerAddress}\nenrolment = {deployment.PortalAddress}\nprovider = {Name}\nlists = {string.Join(", ", DevelopmentKeys.Followed)}\n");
        machine.Write(Path.Combine(BundleDirectory, "ca.pem"), await File.ReadAllTextAsync(deployment.Pki.ServerAuthorityFile, cancellationToken));
        foreach (var list in DevelopmentKeys.Followed)
            machine.Write(RootFile(list), await File.ReadAllTextAsync(deployment.Keys.RootFile(list), cancellationToken));
    }

    public Task<SubprocessResult> AgentAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null) =>
        Subprocess.RunAsync(machine.User.Wrap(deployment.Programs.Agent([.. arguments, "--config", AgentConfiguration])), machine.Root, environment, ct: cancellationToken);

    /// <summary>The same as the provider manager's page gives it: an archive with one folder <c>bundle</c>.</summary>
    public async Task UnpackBundleAsync(string archive)
    {
        await using var opened = await ZipFile.OpenReadAsync(archive);
        foreach (var entry in opened.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            machine.Write(Path.Combine(BundleDirectory, entry.Name), await reader.ReadToEndAsync());
        }
    }

    /// <summary>Adds a certificate and its key, as operators gave them before there were codes.</summary>
    public void TakeCertificate(IssuedCertificate issued)
    {
        machine.Write(Path.Combine(BundleDirectory, "certificate.pem"), issued.CertificatePem);
        machine.Write(Path.Combine(BundleDirectory, "key.pem"), issued.KeyPem, secret: true);
    }

    /// <summary><c>blocklist-agent enroll</c>, with a code or with what the bundle brings, and where this machine's Unbound is.</summary>
    public IReadOnlyList<string> EnrollArguments(string? code, params string[] more)
    {
        var roots = DevelopmentKeys.Followed.SelectMany(list => new[] { "--root-sha256", $"{list}={Format.Hashes.Sha256(File.ReadAllBytes(RootFile(list)))}" });
        return ["enroll", "--bundle", BundleDirectory, .. code is null ? [] : new[] { "--code", code }, .. roots, "--unbound-control", string.Join(' ', Resolver.ControlCommand), "--unbound-address", Resolver.Address.ToString(),
            "--zone-directory", machine.Directory("zones"), "--state", AgentState, .. more];
    }

    public Task<SubprocessResult> EnrollAsync(string? code, CancellationToken cancellationToken, params string[] more) => AgentAsync(EnrollArguments(code, more), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Resolver.DisposeAsync();
        machine.Dispose();
    }
}
