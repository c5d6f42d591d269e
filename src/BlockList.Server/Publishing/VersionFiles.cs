using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Signing;

namespace BlockList.Server.Publishing;

/// <summary>All target files of one version, the new ones with their bytes, the kept deltas by reference.</summary>
/// <param name="Targets">What <c>targets.json</c> will name.</param>
/// <param name="New">Bytes of the files that did not exist before, by target path.</param>
/// <param name="Facts">What is said of <c>list.txt</c>.</param>
internal sealed record VersionFiles(IReadOnlyDictionary<string, TargetFile> Targets, IReadOnlyDictionary<string, byte[]> New, ListFacts Facts)
{
    /// <summary>A manifest belongs to its version and is not signed anew while the list stays the same.</summary>
    private static readonly TimeSpan ManifestLifetime = TimeSpan.FromDays(365);

    private const string DeltaFolder = "delta/";

    /// <summary>Above this many entries more deltas are kept, since the list costs more.</summary>
    private const int LongList = 5000;

    public static VersionFiles Compose(CurrentState current, RegisteredList parameters, ListFile list, DateTimeOffset now, byte[] serverCa, ListKeys keys)
    {
        using var step = PublishTrace.Start(PublishTrace.Compose);
        var serial = current.NextSerial;
        var listBytes = list.ToBytes();
        var sha256 = Hashes.Sha256(listBytes);
        var delta = current.Serial is { } from ? Delta.Between(from, current.List, serial, list) : null;
        var facts = new ListFacts
        {
            Deployment = current.Root.Deployment,
            List = parameters.Id,
            Version = serial,
            Count = list.Count,
            PreviousSha256 = delta?.FromSha256,
            PublishedAt = now,
            EvaluatedAt = now,
            LeaseMonths = parameters.LeaseMonths,
            Added = delta?.Added.Count ?? list.Count,
            Removed = delta?.Removed.Count ?? 0,
            Urgent = false,
            CriteriaVersion = parameters.Criteria.Select(c => c.Version).DefaultIfEmpty(0).Max(),
            Salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        };
        var manifest = new Manifest(parameters.Id, serial, list.Count, sha256, now, Timestamp.Truncate(now + ManifestLifetime)).ToBytes();
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [CurrentState.ListPath] = listBytes,
            ["manifest.txt"] = manifest,
            ["manifest.txt.sshsig"] = Encoding.ASCII.GetBytes(keys.Manifest.SignSsh(Manifest.SshNamespace, manifest)),
            ["manifest.txt.p7s"] = keys.Manifest.SignCms(manifest, keys.ManifestCertificate),
            ["trust.json"] = Trust(serverCa),
        };
        if (delta is not null) files[Delta.PathOf(delta.From, delta.To)] = delta.ToBytes();
        var targets = files.ToDictionary(f => f.Key, f => TargetFile.To(f.Value), StringComparer.Ordinal);
        targets[CurrentState.ListPath] = targets[CurrentState.ListPath] with { Custom = facts.ToJson() };
        KeepDeltas(targets, current.Targets, list.Count, listBytes.Length);
        foreach (var dropped in files.Keys.Where(path => !targets.ContainsKey(path)).ToArray()) files.Remove(dropped);
        return new VersionFiles(targets, files, facts);
    }

    /// <summary>Keeps the newest steps, unbroken, while together they are at most half as long as the list.</summary>
    private static void KeepDeltas(Dictionary<string, TargetFile> targets, TargetsDocument? before, int count, long listLength)
    {
        var steps = targets.Concat(before?.Files ?? new Dictionary<string, TargetFile>())
            .Where(f => f.Key.StartsWith(DeltaFolder, StringComparison.Ordinal))
            .OrderByDescending(f => LastOf(f.Key))
            .ToArray();
        var budget = listLength / 2;
        var most = count > LongList ? 30 : 10;
        for (var i = 0; i < steps.Length; i++)
        {
            budget -= steps[i].Value.Length;
            if (i < most && budget >= 0) targets[steps[i].Key] = steps[i].Value;
            else
            {
                // Everything older goes with it: a chain with a hole leads nowhere.
                foreach (var (path, _) in steps[i..]) targets.Remove(path);
                return;
            }
        }
    }

    /// <summary>The version that <c>delta/122-123.txt</c> leads to.</summary>
    private static int LastOf(string path) => int.Parse(path.AsSpan(path.IndexOf('-', StringComparison.Ordinal) + 1)[..^".txt".Length], CultureInfo.InvariantCulture);

    private static byte[] Trust(byte[] serverCa) => CanonicalJson.Print(new JsonObject { ["server_ca"] = Encoding.ASCII.GetString(serverCa) });
}
