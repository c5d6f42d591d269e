using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format;
using BlockList.Format.Json;

namespace BlockList.Agent.Applying;

/// <summary>
/// What was put in force, told to the operator. A receipt lies on the disk until the server took it; one that it took
/// although its answer was lost is sent again, and stands there twice with the same list, version and clock.
/// </summary>
internal sealed class Receipts(ListState state, TimeProvider time)
{
    /// <summary>More than a month of versions; what is older tells the operator nothing that newer ones do not.</summary>
    private const int MostKept = 100;

    public static string AgentVersion { get; } =
        typeof(Receipts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public void Keep(AppliedRecord applied, ResolverType resolver)
    {
        var receipt = new JsonObject
        {
            ["list"] = state.List,
            ["version"] = applied.List.Version.Value,
            ["sha256"] = applied.List.Sha256,
            ["resolver"] = resolver.Word,
            ["evidence"] = applied.Evidence,
            ["probes"] = applied.ProbesToJson(),
            ["left_out"] = applied.NotEnforced,
            ["agent_version"] = AgentVersion,
            ["clock"] = Timestamp.Format(time.GetUtcNow()),
        };
        if (state.ReadMemory()?.Log is { } log) receipt["checkpoint"] = log.ToReceipt();
        StateJson.Write(PathOf(applied.List.Version), receipt);
        foreach (var old in Waiting().SkipLast(MostKept)) DurableFile.Delete(old);
    }

    /// <summary>Posts what waits, oldest first.</summary>
    /// <returns>How many were posted.</returns>
    /// <exception cref="ServerException">The server did not take one; that one and the rest go on waiting.</exception>
    public async Task<int> PostAsync(ServerConnection server, CancellationToken ct)
    {
        var posted = 0;
        foreach (var path in Waiting())
        {
            if (StateJson.Read(path, json => JsonObject.Create(json)!) is not { } receipt) continue;
            await server.PostAsync("v1/receipts", receipt, ct);
            // A crash here posts the same receipt again.
            FaultPoint.Reach(FaultPoints.ApplyReceiptPosted);
            DurableFile.Delete(path);
            posted++;
        }
        return posted;
    }

    private string PathOf(Serial version) =>
        Path.Combine(state.Receipts, string.Create(CultureInfo.InvariantCulture, $"{version.Value:D10}.json"));

    private string[] Waiting()
    {
        if (!Directory.Exists(state.Receipts)) return [];
        var paths = Directory.GetFiles(state.Receipts, "*.json");
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }
}
