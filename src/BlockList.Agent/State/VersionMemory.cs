using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Agent.Content;
using BlockList.Format.Tuf;

namespace BlockList.Agent.State;

/// <summary>
/// What this agent has seen of a list, so that nobody can lead it back. It is bound to the keys that vouched for it:
/// a root that takes one of them away recovers from its theft, and what that key may have said is forgotten
/// (TUF specification 5.3.11). A root that only adds a key forgets nothing.
/// </summary>
/// <param name="Keys">The online keys of the root under which this was remembered.</param>
/// <param name="Highest">The highest version seen in verified metadata.</param>
/// <param name="Held">The version whose content was verified and kept.</param>
/// <param name="Earlier">Versions that were held before it, newest first; <c>rollback</c> goes to one of them.</param>
internal sealed record VersionMemory(RememberedKeys Keys, ListVersion? Highest, ListVersion? Held, IReadOnlyList<ListVersion> Earlier)
{
    /// <summary>As many versions as there are steps kept to go back by.</summary>
    private const int MostEarlier = Chain.StepsKept;

    /// <summary>The transparency log as it was verified last; null where root names no log key, and before the first look.</summary>
    public LogMemory? Log { get; init; }

    /// <summary>The newest time that verified metadata speaks of: no clock that is right shows an earlier one.</summary>
    public DateTimeOffset? NewestSigned => Highest?.SignedAt is { } highest && !(Held?.SignedAt > highest) ? highest : Held?.SignedAt;

    /// <summary>This memory when the content of a version was kept.</summary>
    public VersionMemory Holding(ListVersion version) => this with
    {
        Held = version,
        // Signed anew with other dates it is still the same version.
        Earlier = Held is null || Held.Point == version.Point ? Earlier : [.. Earlier.Where(e => e.Point != version.Point).Prepend(Held).Take(MostEarlier)],
    };

    /// <summary>Whether the remembered timestamp and snapshot may still hold off older ones.</summary>
    public bool KeepsTimestampUnder(RootDocument root) =>
        Remain(Keys.Timestamp, root, RoleName.Timestamp) && Remain(Keys.Snapshot, root, RoleName.Snapshot);

    /// <summary>This memory under a root that may be a newer one. What is held stays held: it is in force until something newer verifies.</summary>
    public VersionMemory Under(RootDocument root) => new(
        RememberedKeys.Of(root),
        // Targets keys alone vouch for a list version; losing a timestamp key must not open the way back.
        Remain(Keys.Targets, root, RoleName.Targets) ? Highest : null,
        Held,
        Earlier)
    {
        Log = Log?.IsUnder(root) == true ? Log : null,
    };

    /// <exception cref="RefusedException">The version is older than one seen before, or the same with another content.</exception>
    public void RequireNotBefore(ListVersion offered)
    {
        if (Highest is not { } known) return;
        if (offered.Version < known.Version)
            throw new RefusedException(RefusalReason.Rollback, $"version {offered.Version} of the list was offered, but version {known.Version} is already known");
        if (offered.Version == known.Version && offered.Sha256 != known.Sha256)
            throw new RefusedException(RefusalReason.Rollback, $"version {offered.Version} of the list was offered a second time with another content");
    }

    public JsonObject ToJson() => new()
    {
        ["keys"] = Keys.ToJson(),
        ["highest"] = Highest?.ToJson(),
        ["held"] = Held?.ToJson(),
        ["earlier"] = new JsonArray([.. Earlier.Select(version => (JsonNode)version.ToJson())]),
        ["log"] = Log?.ToJson(),
    };

    public static VersionMemory Parse(JsonElement json) => new(
        RememberedKeys.Parse(json.GetProperty("keys")),
        StateJson.Optional(json, "highest", ListVersion.Parse),
        StateJson.Optional(json, "held", ListVersion.Parse),
        [.. json.GetProperty("earlier").EnumerateArray().Select(ListVersion.Parse)])
    {
        Log = StateJson.Optional(json, "log", LogMemory.Parse),
    };

    private static bool Remain(IEnumerable<string> keyIds, RootDocument root, string role) =>
        keyIds.All(root.Roles[role].KeyIds.Contains);
}
