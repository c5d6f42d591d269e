using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Tuf;

namespace BlockList.Agent.State;

/// <summary>The key ids of the online roles, as the root named them when a version was remembered.</summary>
internal sealed record RememberedKeys(IReadOnlyList<string> Targets, IReadOnlyList<string> Snapshot, IReadOnlyList<string> Timestamp)
{
    public static RememberedKeys Of(RootDocument root) => new(
        root.Roles[RoleName.Targets].KeyIds,
        root.Roles[RoleName.Snapshot].KeyIds,
        root.Roles[RoleName.Timestamp].KeyIds);

    public bool SameAs(RememberedKeys other) =>
        Targets.SequenceEqual(other.Targets) && Snapshot.SequenceEqual(other.Snapshot) && Timestamp.SequenceEqual(other.Timestamp);

    public JsonObject ToJson() => new()
    {
        [RoleName.Targets] = Ids(Targets),
        [RoleName.Snapshot] = Ids(Snapshot),
        [RoleName.Timestamp] = Ids(Timestamp),
    };

    public static RememberedKeys Parse(JsonElement json) => new(
        Ids(json.GetProperty(RoleName.Targets)),
        Ids(json.GetProperty(RoleName.Snapshot)),
        Ids(json.GetProperty(RoleName.Timestamp)));

    private static JsonArray Ids(IEnumerable<string> ids) => [.. ids.Select(id => (JsonNode)id)];

    private static string[] Ids(JsonElement json) => [.. json.EnumerateArray().Select(id => id.GetString()!)];
}
