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

/// <summary>What is said of a version beside what it changes.</summary>
/// <param name="IsUrgent">It only removes, and is published at once.</param>
/// <param name="EvaluatedAt">When all that is to leave it last left it.</param>
/// <param name="Approvals">Of approvers, whichever covers it.</param>
internal sealed record StepFacts(bool IsUrgent, DateTimeOffset EvaluatedAt, IReadOnlyList<BulkApproval> Approvals);

/// <summary>All target files of one version, the new ones with their bytes, the kept deltas by reference.</summary>
/// <param name="Targets">What <c>targets.json</c> will name.</param>
/// <param name="New">Bytes of the files that did not exist before, by target path.</param>
/// <param name="Facts">What is said of <c>list.txt</c>.</param>
/// <param name="Step">From the version before, whether or not it is offered; null where there is none.</param>
internal sealed record VersionFiles(IReadOnlyDictionary<string, TargetFile> Targets, IReadOnlyDictionary<string, byte[]> New, ListFacts Facts, byte[]? Step)
{
    public const string ManifestPath = "manifest.txt";
    public const string DeltaFolder = "delta/";

    /// <summary>Everything that a version has but its list and deltas.</summary>
    public static readonly string[] OtherPaths = [ManifestPath, "manifest.txt.sshsig", "manifest.txt.p7s", "trust.json"];

    /// <summary>A manifest belongs to its version and is not signed anew while the list stays the same.</summary>
    private static readonly TimeSpan ManifestLifetime = TimeSpan.FromDays(365);

    /// <summary>Above this many entries more deltas are kept, since the list costs more.</summary>
    private const int LongList = 5000;

    public static VersionFiles Compose(CurrentState current, RegisteredList parameters, Serial serial, ListFile list, StepFacts about, DateTimeOffset now, byte[] serverCa, ListKeys keys)
    {
        using var activity = PublishTrace.Start(PublishTrace.Compose);
        var listBytes = list.ToBytes();
        var sha256 = Hashes.Sha256(listBytes);
        // What this version changes, by any way to it; a step leads to the next serial alone.
        var change = Delta.Between(current.Serial ?? serial, current.List, serial, list);
        var delta = current.Serial?.Next() == serial ? change : null;
        var facts = new ListFacts
        {
            Deployment = current.Root.Deployment,
            List = parameters.Id,
            Version = serial,
            Count = list.Count,
            PreviousSha256 = current.Serial is null ? null : change.FromSha256,
            PublishedAt = now,
            EvaluatedAt = about.EvaluatedAt,
            LeaseMonths = parameters.LeaseMonths,
            Added = change.Added.Count,
            Removed = change.Removed.Count,
            Urgent = about.IsUrgent,
            BulkApproval = about.Approvals.FirstOrDefault(approval => change is not null && approval.Covers(current.Root, serial, change.FromSha256, change.ToSha256)),
            CriteriaVersion = CriteriaVersionOf(parameters),
            Salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        };
        var manifest = ManifestOf(facts, sha256);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [CurrentState.ListPath] = listBytes,
            [ManifestPath] = manifest,
            ["manifest.txt.sshsig"] = Encoding.ASCII.GetBytes(keys.Manifest.SignSsh(Manifest.SshNamespace, manifest)),
            ["manifest.txt.p7s"] = keys.Manifest.SignCms(manifest, keys.ManifestCertificate),
            ["trust.json"] = Trust(serverCa),
        };
        var step = delta?.ToBytes();
        if (step is not null) files[Delta.PathOf(delta!.From, delta.To)] = step;
        var targets = files.ToDictionary(f => f.Key, f => TargetFile.To(f.Value), StringComparer.Ordinal);
        targets[CurrentState.ListPath] = targets[CurrentState.ListPath] with { Custom = facts.ToJson() };
        // An agent that comes later takes this step by itself, and brakes by what is said of it.
        if (step is not null) targets[Delta.PathOf(delta!.From, delta.To)] = targets[Delta.PathOf(delta.From, delta.To)] with { Custom = DeltaFacts.ToJson(facts) };
        KeepDeltas(targets, step is null ? null : current.Targets, list.Count, listBytes.Length);
        foreach (var dropped in files.Keys.Where(path => !targets.ContainsKey(path)).ToArray()) files.Remove(dropped);
        return new VersionFiles(targets, files, facts, step);
    }

    public static int CriteriaVersionOf(RegisteredList list) => list.Criteria.Select(c => c.Version).DefaultIfEmpty(0).Max();

    /// <summary>For people without the agent; the same for the same facts.</summary>
    public static byte[] ManifestOf(ListFacts facts, string listSha256) =>
        new Manifest(facts.List, facts.Version, facts.Count, listSha256, facts.PublishedAt, Timestamp.Truncate(facts.PublishedAt + ManifestLifetime)).ToBytes();

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
