using System.Globalization;
using System.Text.Json.Nodes;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format;

namespace BlockList.Agent.Applying;

/// <summary>
/// What was put in force, or could not be, told to the operator. A receipt lies on the disk until the server took it; one that it took
/// although its answer was lost is sent again, and stands there twice with the same list, version and clock.
/// </summary>
internal sealed class Receipts(ListState state, TimeProvider time)
{
    /// <summary>More than a month of versions; what is older tells the operator nothing that newer ones do not.</summary>
    private const int MostKept = 100;

    /// <summary>The same is said again after this long, so that silence means something.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromHours(24);

    /// <summary>Whether a receipt would say something else than the newest one, or that one is a day old.</summary>
    public bool IsDue(JsonObject receipt) =>
        state.ReadTold() is not { } told || told.Sha256 != ReceiptText.MeaningOf(receipt) || time.GetUtcNow() - told.At is var age && (age >= Again || age < TimeSpan.Zero);

    public void Keep(JsonObject receipt)
    {
        StateJson.Write(PathOf(Serial.Create((int)receipt["version"]!)), receipt);
        // A crash here leaves a receipt that is written again: the same rows twice.
        state.Write(new ToldRecord(time.GetUtcNow(), ReceiptText.MeaningOf(receipt)));
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
            await PostAsync(server, receipt, ct);
            // A crash here posts the same receipt again.
            FaultPoint.Reach(FaultPoints.ApplyReceiptPosted);
            DurableFile.Delete(path);
            posted++;
        }
        return posted;
    }

    /// <summary>An operator whose server is older than this agent still learns what is in force, and of a failure nothing, as before.</summary>
    private static async Task PostAsync(ServerConnection server, JsonObject receipt, CancellationToken ct)
    {
        try
        {
            await server.PostAsync("v1/receipts", receipt, ct);
        }
        catch (ServerException problem) when (problem.Code == ReceiptText.Malformed && ReceiptText.AsBefore(receipt) is var before)
        {
            if (before is not null) await server.PostAsync("v1/receipts", before, ct);
        }
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
