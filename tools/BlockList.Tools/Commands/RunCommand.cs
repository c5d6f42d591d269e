using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Commands;

/// <summary><c>run</c>: everything until Ctrl-C. <c>run --once</c>: one domain's whole journey, then the end.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "Do the whole journey without a person, one timed line for each step, then stop" };
        var command = new Command("run", "Starts everything, prints the addresses and waits for Ctrl-C.") { once };
        command.SetAction((parsed, ct) => parsed.GetValue(once) ? OnceAsync(ct) : StayAsync(Checkout.Of(parsed), ct));
        return command;
    }

    /// <summary>From nothing, in a directory of its own, so that what an earlier run left cannot help it.</summary>
    private static async Task<int> OnceAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        using var state = StateDirectory.Temporary();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, preferUsualPorts: false, Console.WriteLine, ct);
        await new Journey(installation.Deployment, installation.Provider, TimeProvider.System, Console.WriteLine).RunAsync(ct);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:F1} s  in all: resolved, blocked, its neighbour free, resolved again"));
        return 0;
    }

    private static async Task<int> StayAsync(string checkout, CancellationToken ct)
    {
        using var state = StateDirectory.Open(checkout);
        await using var installation = await StartAsync(state, ct);
        var (deployment, provider) = (installation.Deployment, installation.Provider);
        var agent = string.Join(' ', deployment.Programs.Agent(["status", "--config", provider.AgentConfiguration]));
        Console.WriteLine($"""

            curation        {deployment.CurationAddress}  the pages of the agencies; {Described(deployment.CurationPort, 18080)}
                            sign in as a demo person at {deployment.CurationAddress}/development/sign-in
            portal          {deployment.PortalAddress}  the public site: what the list is, complaints; {Described(deployment.PortalPort, 18084)}
            PostgreSQL      {installation.Cluster.PsqlCommand(DemoInstallation.Database)}
            distribution    {deployment.ServerAddress}  for providers with a client certificate; {Described(deployment.DistributionPort, 18443)}
                            curl --cacert {deployment.Pki.ServerAuthorityFile} --cert {provider.BundleDirectory}/certificate.pem --key {provider.BundleDirectory}/key.pem {deployment.ServerAddress}/v1/self.json
            publisher       publishes {string.Join(" and ", DevelopmentKeys.Lists)} on their schedule; at once with
                            {string.Join(' ', deployment.Programs.Server(["publish", "--list", DevelopmentKeys.WorstOf, "--config", deployment.ConfigurationOf("publisher")]))}
            worker          seals the audit log, and writes mails to {deployment.MailFolder} as files (.eml)
            checker         looks in the public DNS for proofs of control; what it sees of a name:
                            {string.Join(' ', deployment.Programs.Server(["checker", "lookup", ".", "NS", "--config", deployment.ConfigurationOf("checker")]))}
            resolver        a provider's Unbound, {provider.Resolver.Address}; a listed name and its neighbour:
                            dig @127.0.0.1 -p {provider.Resolver.Port.Port} {DemoList.Followed}
                            dig @127.0.0.1 -p {provider.Resolver.Port.Port} {DemoList.Neighbour}
            agent           {agent}
            authoritative   an NSD for example., {installation.Authority.Address}
            people          {string.Join(", ", deployment.Cast.All.Select(p => $"{p.Id} ({p.Agency ?? "no agency"}, {p.Role})"))}
            decide          {string.Join(' ', deployment.Programs.Server(["decide", "--help"]))}
            configuration   {state.File("config")}   logs {state.File("log")}
            Ctrl-C stops everything.
            """);
        await Interruption.WaitAsync(ct, installation.Processes);
        return 0;
    }

    private static async Task<DemoInstallation> StartAsync(StateDirectory state, CancellationToken ct)
    {
        DemoInstallation? installation = null;
        try
        {
            installation = await DemoInstallation.StartAsync(state, new ClusterOptions(), preferUsualPorts: true, Console.Error.WriteLine, ct);
            await new DemoContent(installation).LoadAsync(ct);
            return installation;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (installation is not null) await installation.DisposeAsync();
            // Data of a demonstration has no upgrade path of its own: keys and files change their form between versions.
            if (!state.IsUsed || ct.IsCancellationRequested) throw;
            throw new InvalidOperationException($"{failure.Message}\n{state.Root} is from an earlier run, perhaps of another version, and could not be used. It holds data of the demonstration only: remove it and start again (rm -rf {state.Root}).", failure);
        }
    }

    private static string Described(int port, int usual) => port == usual ? "its usual port" : $"its usual port {usual} is taken";
}
