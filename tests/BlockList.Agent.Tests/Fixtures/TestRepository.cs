using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Log;
using BlockList.Format.Names;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>
/// A small real repository of one list: its keys are made at run time and it signs with the documents of the format.
/// Everything an attacker could change can be changed here before the next signing.
/// </summary>
internal sealed class TestRepository
{
    public const string Deployment = "test-deployment";

    private readonly TestClock clock;
    private readonly SigningKey manifest = new();
    private readonly List<(Serial Version, ListFile List)> published = [];

    public TestRepository(TestClock clock, string list = "worst-of", string deployment = Deployment)
    {
        this.clock = clock;
        List = list;
        DeploymentName = deployment;
        SignRoot(RootKeys);
    }

    public string List { get; }

    public string DeploymentName { get; }

    /// <summary>What is served, by the path below <c>/v1/{list}/</c>.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public List<SigningKey> RootKeys { get; set; } = [new(), new(), new()];

    public List<SigningKey> TargetsKeys { get; set; } = [new()];

    public SigningKey SnapshotKey { get; set; } = new();

    public SigningKey TimestampKey { get; set; } = new();

    /// <summary>People whose word lets a large version through.</summary>
    public List<SigningKey> ApproverKeys { get; } = [];

    /// <summary>The list's transparency log; null for a list without one. What is set is named by the next root, and has a leaf for each
    /// targets document from then on.</summary>
    public TestLog? Log { get; set; }

    public int TargetsThreshold { get; set; } = 1;

    public int RootVersion { get; set; }

    public int TargetsVersion { get; set; }

    public int SnapshotVersion { get; set; }

    public int TimestampVersion { get; set; }

    /// <summary>How long what is signed next lives; negative for what is past its date already.</summary>
    public Dictionary<string, TimeSpan> Lifetimes { get; } = new(StringComparer.Ordinal)
    {
        [RoleName.Root] = TimeSpan.FromDays(365),
        [RoleName.Targets] = TimeSpan.FromDays(30),
        [RoleName.Snapshot] = TimeSpan.FromDays(14),
        [RoleName.Timestamp] = TimeSpan.FromDays(7),
    };

    /// <summary>Changes what targets says of the list before it is signed.</summary>
    public Func<ListFacts, ListFacts> Facts { get; set; } = facts => facts;

    /// <summary>Changes the files that targets names before it is signed.</summary>
    public Action<Dictionary<string, TargetFile>> Targets { get; set; } = _ => { };

    public Serial Version => published[^1].Version;

    public ListFile Current => published[^1].List;

    public byte[] Root => Files[$"tuf/{RootVersion}.root.json"];

    /// <summary>Publishes the next version.</summary>
    public void Publish(params string[] entries) => Publish(Serial.Create(published.Count == 0 ? 1 : Version.Value + 1), entries);

    public void Publish(Serial version, params string[] entries)
    {
        published.Add((version, ListFile.Of(entries.Select(Parse))));
        Sign();
    }

    /// <summary>Signs the current version again, with new version numbers of everything that signs it.</summary>
    public void Sign()
    {
        SignTargets();
        SignSnapshot();
        SignTimestamp();
    }

    public void SignTargets()
    {
        var list = Current.ToBytes();
        var file = TargetFile.To(list) with { Custom = Facts(CurrentFacts()).ToJson() };
        Files["targets/" + file.LocationOf("list.txt")] = list;
        var files = new Dictionary<string, TargetFile>(StringComparer.Ordinal) { ["list.txt"] = file };
        for (var i = 1; i < published.Count; i++)
        {
            if (published[i].Version.Value != published[i - 1].Version.Value + 1) continue;
            var delta = Delta.Between(published[i - 1].Version, published[i - 1].List, published[i].Version, published[i].List).ToBytes();
            var path = Delta.PathOf(published[i - 1].Version, published[i].Version);
            files[path] = TargetFile.To(delta);
            Files["targets/" + files[path].LocationOf(path)] = delta;
        }
        Targets(files);
        TargetsVersion++;
        Write($"{TargetsVersion}.targets.json", new TargetsDocument(TargetsVersion, Expiry(RoleName.Targets), files).ToJson(), TargetsKeys);
        AppendToLog();
    }

    public void SignSnapshot()
    {
        SnapshotVersion++;
        var targets = Files[$"tuf/{TargetsVersion}.targets.json"];
        Write($"{SnapshotVersion}.snapshot.json",
            new SnapshotDocument(SnapshotVersion, Expiry(RoleName.Snapshot), MetadataReference.To(TargetsVersion, targets)).ToJson(), [SnapshotKey]);
    }

    public void SignTimestamp()
    {
        TimestampVersion++;
        var snapshot = Files[$"tuf/{SnapshotVersion}.snapshot.json"];
        Write("timestamp.json",
            new TimestampDocument(TimestampVersion, Expiry(RoleName.Timestamp), MetadataReference.To(SnapshotVersion, snapshot)).ToJson(), [TimestampKey]);
    }

    /// <summary>Signs the next root, which names the keys as they are set now.</summary>
    public void SignRoot(IEnumerable<SigningKey> signers)
    {
        RootVersion++;
        Write($"{RootVersion}.root.json", RootDocument().ToJson(), signers);
    }

    public RootDocument RootDocument() => new()
    {
        Version = RootVersion,
        Expires = Expiry(RoleName.Root),
        Keys = RootKeys.Concat(TargetsKeys).Append(SnapshotKey).Append(TimestampKey).DistinctBy(k => k.Id).ToDictionary(k => k.Id, k => k.Public, StringComparer.Ordinal),
        Roles = new Dictionary<string, RoleKeys>(StringComparer.Ordinal)
        {
            [RoleName.Root] = new RoleKeys([.. RootKeys.Select(k => k.Id)], 2),
            [RoleName.Targets] = new RoleKeys([.. TargetsKeys.Select(k => k.Id)], TargetsThreshold),
            [RoleName.Snapshot] = new RoleKeys([SnapshotKey.Id], 1),
            [RoleName.Timestamp] = new RoleKeys([TimestampKey.Id], 1),
        },
        Deployment = DeploymentName,
        List = List,
        ManifestKey = manifest.Public,
        LogKey = Log?.Key.Public,
        ApproverKeys = ApproverKeys.ToDictionary(k => k.Id, k => k.Public, StringComparer.Ordinal),
    };

    /// <summary>Logs the newest targets document and serves the proofs for it.</summary>
    public void AppendToLog()
    {
        if (Log is null) return;
        Log.Append(new LogLeaf(List, Version, TargetsVersion, Hashes.Sha256(Files[$"tuf/{TargetsVersion}.targets.json"])));
        ServeLog();
    }

    /// <summary>Serves the log as it is now for the newest targets, whoever asks from wherever.</summary>
    public void ServeLog()
    {
        for (var from = 0; from <= 20; from++) Files[$"log/proof/{from}-{TargetsVersion}.targets.json"] = Log!.Proof(from, Checkpoint.OriginOf(DeploymentName, List)).ToBytes();
    }

    /// <summary>An approver's word for the newest version.</summary>
    public BulkApproval ApprovalOf(SigningKey approver)
    {
        var statement = BulkApproval.Statement(DeploymentName, List, Version, Hashes.Sha256(published[^2].List.ToBytes()), Hashes.Sha256(Current.ToBytes()));
        return BulkApproval.Compose(statement, [approver.Sign(statement)]);
    }

    /// <summary>Changes every document before it is signed.</summary>
    public Action<JsonObject> Documents { get; set; } = _ => { };

    public void Write(string path, JsonObject signed, IEnumerable<SigningKey> signers)
    {
        Documents(signed);
        Files["tuf/" + path] = SignedDocument.Compose(signed, signers.Select(k => k.Sign(signed)));
    }

    private DateTimeOffset Expiry(string role) => clock.Now + Lifetimes[role];

    private ListFacts CurrentFacts()
    {
        var before = published.Count > 1 ? published[^2].List : ListFile.Empty;
        return new ListFacts
        {
            Deployment = DeploymentName,
            List = List,
            Version = Version,
            Count = Current.Count,
            PreviousSha256 = published.Count > 1 ? Hashes.Sha256(before.ToBytes()) : null,
            PublishedAt = clock.Now,
            EvaluatedAt = clock.Now,
            LeaseMonths = 3,
            Added = Current.Lines.Except(before.Lines).Count(),
            Removed = before.Lines.Except(Current.Lines).Count(),
            Urgent = false,
            CriteriaVersion = 1,
            Salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        };
    }

    private static ListedName Parse(string line) =>
        ListedName.TryParse(line, out var entry) ? entry : throw new ArgumentException($"\"{line}\" is no entry");
}
