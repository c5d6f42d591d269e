using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Log;
using BlockList.Format.Tuf;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// What an agent does of a new version up to where it has verified it, by the same code of Format and the same requests, on a new connection
/// of its own certificate; but nothing lies on a disk, and no resolver is asked. Thousands of them are one process.
/// </summary>
/// <param name="crowd">Whose certificates it has.</param>
/// <param name="number">Which of them.</param>
/// <param name="list">The list.</param>
/// <param name="root">The first root, as it came with the bundle.</param>
internal sealed partial class SimulatedAgent(ProviderCrowd crowd, int number, string list, byte[] root)
{
    /// <summary>Both ends of every socket are on this machine, which has so many and no more. Whoever waits here would wait for a processor.</summary>
    private static readonly SemaphoreSlim Sockets = new(1500);

    private string? etag;
    private ListFile held = ListFile.OfLines([]);
    private Serial? version;
    private long logSize;

    /// <summary>When the version that it holds was verified; a timestamp of this process.</summary>
    public long VerifiedAt { get; private set; }

    public int Version => version?.Value ?? 0;

    /// <summary>The whole of an idle or a busy poll.</summary>
    /// <returns>Whether there was something new.</returns>
    public async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        await Sockets.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(cancellationToken);
        }
        finally
        {
            Sockets.Release();
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await using var server = await crowd.ConnectAsync(number, cancellationToken);
        var trusted = new TrustedMetadata(root, TimeProvider.System.GetUtcNow());
        if ((await server.GetAsync(Of(string.Create(CultureInfo.InvariantCulture, $"tuf/{trusted.Root.Version + 1}.root.json")), cancellationToken)).Status != 404) throw new InvalidDataException("there is another root");
        var timestamp = await server.GetAsync(Of("tuf/timestamp.json"), cancellationToken, etag);
        if (timestamp.Status == 304) return false;
        trusted.UpdateTimestamp(Require(timestamp));
        trusted.RequireFreshTimestamp();
        trusted.UpdateSnapshot(Require(await server.GetAsync(Of(string.Create(CultureInfo.InvariantCulture, $"tuf/{trusted.Timestamp!.Snapshot.Version}.snapshot.json")), cancellationToken)));
        var targets = Require(await server.GetAsync(Of(string.Create(CultureInfo.InvariantCulture, $"tuf/{trusted.Snapshot!.Targets.Version}.targets.json")), cancellationToken));
        trusted.UpdateTargets(targets);
        var file = trusted.Targets!.Files["list.txt"];
        var facts = ListFacts.Parse(file.Custom!.Value);
        await RequireLoggedAsync(server, trusted, facts, targets, cancellationToken);
        var delta = version is { } before ? Delta.PathOf(before, facts.Version) : null;
        if (version == facts.Version) return false;
        held = delta is not null && trusted.Targets.Files.TryGetValue(delta, out var step)
            ? Delta.Parse(await FileAsync(server, delta, step, cancellationToken)).ApplyTo(held)
            : ListFile.Parse(await FileAsync(server, "list.txt", file, cancellationToken));
        if (!file.Matches(held.Bytes)) throw new InvalidDataException("the list is not the one that was signed");
        (version, etag, VerifiedAt) = (facts.Version, timestamp.ETag, Stopwatch.GetTimestamp());
        return true;
    }

    /// <summary>Hears hints, and polls when one comes, after the random wait of an agent, until it holds a version.</summary>
    /// <param name="wanted">The version.</param>
    /// <param name="listening">Told when it hears.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(int wanted, Action listening, CancellationToken cancellationToken)
    {
        await using var stream = await crowd.ConnectAsync(number, cancellationToken);
        if (await stream.ListenAsync(Of("events"), cancellationToken) is not 200 and var status) throw new InvalidOperationException($"the stream was answered with {status}");
        listening();
        var said = "";
        while (Version < wanted)
        {
            var more = await stream.ReadEventsAsync(cancellationToken);
            if (more.Length == 0) throw new InvalidOperationException("a stream ended");
            said += more;
            if (Hint().Matches(said) is not { Count: > 0 } hints) continue;
            var newest = hints[^1];
            said = said[(newest.Index + newest.Length)..];
            if (int.Parse(newest.Groups[1].Value, CultureInfo.InvariantCulture) <= Version) continue;
            // The agent's own: up to 5 seconds where it is urgent, else up to a minute.
            await Task.Delay(TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(1000) / 1000.0 * (newest.Groups[2].Value == "true" ? 5 : 60)), cancellationToken);
            await PollAsync(cancellationToken);
        }
    }

    private async Task RequireLoggedAsync(CrowdConnection server, TrustedMetadata trusted, ListFacts facts, byte[] targets, CancellationToken cancellationToken)
    {
        var proof = LogProof.Parse(Require(await server.GetAsync(Of(string.Create(CultureInfo.InvariantCulture, $"log/proof/0-{trusted.Targets!.Version}.targets.json")), cancellationToken)));
        var leaf = new LogLeaf(list, facts.Version, trusted.Targets.Version, Hashes.Sha256(targets));
        var checkpoint = proof.Open(leaf, null, Checkpoint.OriginOf(trusted.Root.Deployment, list), trusted.Root.LogKey!);
        if (checkpoint.Size < logSize) throw new InvalidDataException("the log went back");
        logSize = checkpoint.Size;
    }

    private async Task<byte[]> FileAsync(CrowdConnection server, string path, TargetFile file, CancellationToken cancellationToken)
    {
        var bytes = Require(await server.GetAsync(Of("targets/" + file.LocationOf(path)), cancellationToken));
        return file.Matches(bytes) ? bytes : throw new InvalidDataException($"{path} is not what was signed");
    }

    private static byte[] Require(CrowdAnswer answer) => answer.Status == 200 ? answer.Body : throw new InvalidDataException($"a file was answered with {answer.Status}");

    private string Of(string path) => $"/v1/{list}/{path}";

    [GeneratedRegex("""\{"version":(\d+),"urgent":(true|false)\}""")]
    private static partial Regex Hint();
}
