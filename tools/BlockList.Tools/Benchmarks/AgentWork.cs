using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;
using BlockList.Format.Tuf;

namespace BlockList.Tools.Benchmarks;

/// <summary>What an agent does to a new version between the network and the resolver, on files in one directory: verify the
/// metadata, apply the delta to the held list, keep the result, render the zone and read it back. With the library that the agent
/// does it with, in a process of its own, so that its memory can be told.</summary>
internal static class AgentWork
{
    public const string HeldFile = "held.txt";
    public const string DeltaFile = "delta.txt";
    public const string ZoneFile = "zone.rpz";

    private const string List = "list.txt";

    public static void Run(string directory, TimeProvider clock)
    {
        var trusted = new TrustedMetadata(Read("root.json"), clock.GetUtcNow());
        trusted.UpdateTimestamp(Read("timestamp.json"));
        trusted.UpdateSnapshot(Read("snapshot.json"));
        trusted.UpdateTargets(Read("targets.json"));
        var wanted = trusted.Targets!.Files[List];
        var version = ListFacts.Parse(wanted.Custom!.Value).Version;

        var list = Follow(Read(HeldFile), Read(DeltaFile), wanted);
        using (var zone = File.Create(PathOf(ZoneFile)))
        {
            RpzZone.Write(zone, list, version);
            zone.Flush(flushToDisk: true);
        }
        using var rendered = File.OpenRead(PathOf(ZoneFile));
        var (serial, enforced) = RpzZone.Read(rendered);
        if (serial != version || !enforced.HasEntriesOf(RpzZone.Enforceable(list)))
            throw new InvalidOperationException("the zone does not enforce the list");

        ListFile Follow(byte[] held, byte[] file, TargetFile target)
        {
            var delta = Delta.Parse(file);
            if (delta.FromSha256 != Hashes.Sha256(held)) throw new InvalidOperationException("the delta starts at another list");
            var after = delta.ApplyTo(ListFile.Take(held));
            if (!target.Matches(after.Bytes)) throw new InvalidOperationException("the delta does not lead to the list");
            File.WriteAllBytes(PathOf(List), after.Bytes);
            return after;
        }

        string PathOf(string name) => Path.Combine(directory, name);

        byte[] Read(string name) => File.ReadAllBytes(PathOf(name));
    }
}
