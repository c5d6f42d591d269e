using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Tuf;

namespace BlockList.Tools.Conformance.Repository;

/// <summary>A real repository of one list, made from a description: the same case gives the same documents each time, but
/// for keys and dates. Everything that an attacker or a defect could change can be changed before the next signing.</summary>
internal sealed class VectorTree
{
    public const string List = "worst-of";
    public const string Deployment = "conformance";

    private readonly TimeProvider clock;
    private readonly SigningKey manifest = new();
    private readonly List<(Serial Version, ListFile List)> published = [];

    public VectorTree(TimeProvider clock)
    {
        this.clock = clock;
        SignRoot();
    }

    /// <summary>What is served, by its path below <c>/v1/worst-of/</c>.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public VectorRole Root { get; } = new(RoleName.Root, keys: 3, threshold: 2, TimeSpan.FromDays(365));

    public VectorRole Targets { get; } = new(RoleName.Targets, keys: 2, threshold: 2, TimeSpan.FromDays(30));

    public VectorRole Snapshot { get; } = new(RoleName.Snapshot, keys: 1, threshold: 1, TimeSpan.FromDays(14));

    public VectorRole Timestamp { get; } = new(RoleName.Timestamp, keys: 1, threshold: 1, TimeSpan.FromDays(7));

    public IReadOnlyList<VectorRole> Roles => [Root, Targets, Snapshot, Timestamp];

    /// <summary>Changes the bytes of <c>list.txt</c> before they are named and signed.</summary>
    public Func<byte[], byte[]> Content { get; set; } = bytes => bytes;

    /// <summary>The bytes that stand for a delta when it is named and signed; null leaves it out.</summary>
    public Func<Delta, byte[]?> DeltaFile { get; set; } = delta => delta.ToBytes();

    /// <summary>How many of the newest deltas are named.</summary>
    public int DeltasKept { get; set; } = int.MaxValue;

    public Func<ListFacts, ListFacts> Facts { get; set; } = facts => facts;

    /// <summary>Changes what targets names before it is signed.</summary>
    public Action<Dictionary<string, TargetFile>> Offer { get; set; } = _ => { };

    public Serial Version => published[^1].Version;

    /// <summary>The last list published, as a stock client downloads it.</summary>
    public byte[] ListBytes => Content(published[^1].List.ToBytes());

    public void Publish(IReadOnlyList<string> entries) => Publish(entries, published.Count == 0 ? 1 : Version.Value + 1);

    public void Publish(IReadOnlyList<string> entries, int version)
    {
        var lines = entries.Order(StringComparer.Ordinal).Select(line => line + '\n');
        published.Add((Serial.Create(version), ListFile.Parse(Encoding.ASCII.GetBytes(string.Concat(lines)))));
        Sign();
    }

    /// <summary>Signs the current list anew, each document with its next version.</summary>
    public void Sign()
    {
        SignTargets();
        SignSnapshot();
        SignTimestamp();
    }

    public void SignTargets()
    {
        Targets.Version++;
        var files = new Dictionary<string, TargetFile>(StringComparer.Ordinal) { ["list.txt"] = Put("list.txt", ListBytes) with { Custom = Facts(HonestFacts()).ToJson() } };
        foreach (var (before, after) in published.Zip(published.Skip(1)).TakeLast(DeltasKept).Where(pair => pair.Second.Version.Value == pair.First.Version.Value + 1))
        {
            var path = Delta.PathOf(before.Version, after.Version);
            if (DeltaFile(Delta.Between(before.Version, before.List, after.Version, after.List)) is { } delta) files[path] = Put(path, delta);
        }
        Offer(files);
        Files[$"tuf/{Targets.Version}.targets.json"] = Targets.Sign(new TargetsDocument(Targets.Version, Expiry(Targets), files).ToJson());
    }

    public void SignSnapshot()
    {
        Snapshot.Version++;
        var targets = MetadataReference.To(Targets.Version, Files[$"tuf/{Targets.Version}.targets.json"]);
        Files[$"tuf/{Snapshot.Version}.snapshot.json"] = Snapshot.Sign(new SnapshotDocument(Snapshot.Version, Expiry(Snapshot), targets).ToJson());
    }

    public void SignTimestamp()
    {
        Timestamp.Version++;
        var snapshot = MetadataReference.To(Snapshot.Version, Files[$"tuf/{Snapshot.Version}.snapshot.json"]);
        Files["tuf/timestamp.json"] = Timestamp.Sign(new TimestampDocument(Timestamp.Version, Expiry(Timestamp), snapshot).ToJson());
    }

    /// <summary>Signs the next root, which names the keys as they are set now.</summary>
    public void SignRoot()
    {
        Root.Version++;
        Files[$"tuf/{Root.Version}.root.json"] = Root.Sign(RootDocument());
    }

    /// <summary>Puts a new key in the place of a root key; both the old and the new ones sign.</summary>
    public void ReplaceRootKey()
    {
        var old = Root.Keys;
        Root.Keys = [.. old.Skip(1), new SigningKey()];
        Root.Signers = [.. old, Root.Keys[^1]];
        SignRoot();
        Root.Signers = null;
    }

    /// <summary>Adds a file to what is served.</summary>
    public TargetFile Put(string path, byte[] bytes)
    {
        var file = TargetFile.To(bytes);
        Files["targets/" + file.LocationOf(path)] = bytes;
        return file;
    }

    private JsonObject RootDocument() => new RootDocument
    {
        Version = Root.Version,
        Expires = Expiry(Root),
        Keys = Roles.SelectMany(r => r.Keys).DistinctBy(k => k.Id).ToDictionary(k => k.Id, k => k.Public, StringComparer.Ordinal),
        Roles = Roles.ToDictionary(r => r.Name, r => r.Named, StringComparer.Ordinal),
        Deployment = Deployment,
        List = List,
        ManifestKey = manifest.Public,
    }.ToJson();

    private DateTimeOffset Expiry(VectorRole role) => clock.GetUtcNow() + role.Lifetime;

    private ListFacts HonestFacts()
    {
        var (version, list) = published[^1];
        var before = published.Count > 1 ? published[^2].List : ListFile.Empty;
        var now = clock.GetUtcNow();
        return new ListFacts
        {
            Deployment = Deployment,
            List = List,
            Version = version,
            // As the bytes say it, so that the count alone does not give a wrong line away.
            Count = ListBytes.Count((byte)'\n'),
            PreviousSha256 = published.Count > 1 ? Hashes.Sha256(before.ToBytes()) : null,
            PublishedAt = now,
            EvaluatedAt = now,
            LeaseMonths = 3,
            Added = list.Lines.Except(before.Lines).Count(),
            Removed = before.Lines.Except(list.Lines).Count(),
            Urgent = false,
            CriteriaVersion = 1,
            Salt = Hashes.Sha256(Encoding.ASCII.GetBytes($"salt of version {version}")),
        };
    }
}
