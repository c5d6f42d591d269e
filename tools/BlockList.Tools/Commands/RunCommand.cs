using System.CommandLine;
using System.Net;
using BlockList.Tools.Development;

namespace BlockList.Tools.Commands;

/// <summary>Everything that runs so far, until Ctrl-C.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Starts everything, prints the addresses and waits for Ctrl-C.");
        command.SetAction((parsed, ct) => RunAsync(Checkout.Of(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(string checkout, CancellationToken ct)
    {
        using var state = StateDirectory.Open(checkout);
        var zones = Zones(state, "worst-of", "enforcement-test");
        await using var floor = await DevelopmentFloor.StartAsync(
            state, new Dictionary<string, IPAddress>(), zones, (step, time) => Console.Error.WriteLine($"  {step}: {time.TotalSeconds:0.0} s"), ct);

        Console.WriteLine($"""
            PostgreSQL            {floor.Cluster.PsqlCommand("postgres")}
            authoritative server  {Described(floor.Authoritative.Port)}  dig @127.0.0.1 -p {floor.Authoritative.Port.Port} example SOA
            resolver              {Described(floor.Resolver.Port)}  {string.Join(' ', floor.Resolver.ControlCommand)} list_auth_zones
            certificates          {state.File("pki")}
            logs                  {state.File("log")}
            Ctrl-C stops everything.
            """);
        await Interruption.WaitAsync(ct, floor.Processes);
        return 0;
    }

    private static List<PolicyZone> Zones(StateDirectory state, params string[] lists)
    {
        state.Directory("rpz");
        return [.. lists.Select(list => new PolicyZone(list, state.File("rpz", $"{list}.rpz")))];
    }

    private static string Described(PortChoice port) =>
        port.AsPreferred ? $"127.0.0.1:{port.Port}" : $"127.0.0.1:{port.Port} (the usual port is taken)";
}
