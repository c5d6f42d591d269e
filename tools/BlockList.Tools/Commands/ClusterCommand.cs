using System.CommandLine;
using BlockList.Tools.Development;

namespace BlockList.Tools.Commands;

/// <summary>The private PostgreSQL cluster alone, to look around in.</summary>
internal static class ClusterCommand
{
    public static Command Create()
    {
        var command = new Command("cluster", "Starts the private PostgreSQL cluster alone and waits for Ctrl-C.");
        command.SetAction((parsed, ct) => RunAsync(Checkout.Of(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(string checkout, CancellationToken ct)
    {
        using var state = StateDirectory.Open(checkout);
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions(), ct);
        Console.WriteLine($"PostgreSQL is ready. In another terminal: {cluster.PsqlCommand("postgres")}");
        Console.WriteLine("Ctrl-C stops it.");
        await Interruption.WaitAsync(ct, cluster.Process);
        return 0;
    }
}
