using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Agent.State;
using BlockList.Format;

namespace BlockList.Agent.Enforcing;

/// <summary>What was decided so far, in one file: with it and the chain, the same enforcement can be derived again after any crash.</summary>
/// <param name="At">The newest version that brakes let this list come to.</param>
/// <param name="Holds">What they kept back on the way, oldest first.</param>
/// <param name="RolledBack">A version gone back to, or null.</param>
internal sealed record EnforcingState(ListVersion At, IReadOnlyList<Hold> Holds, RolledBack? RolledBack)
{
    /// <summary>What the provider's change window keeps back, or null. Unlike the others it goes by itself.</summary>
    public Hold? Waiting { get; init; }

    /// <summary>Nothing was ever in force: the first version is taken as it is, whatever its size.</summary>
    public static EnforcingState First(ListVersion version) => new(version, [], null);

    /// <summary>Lets go what was held of one version. Accepting a version that was gone back from ends that rollback.</summary>
    public EnforcingState Accept(Serial version)
    {
        var holds = Holds.Any(h => h.Version == version) ? [.. Holds.Where(h => h.Version != version)] : Holds;
        return this with { Holds = holds, RolledBack = RolledBack?.From.Version == version ? null : RolledBack };
    }

    /// <summary>What is kept back and why, or null where the list is followed as it is.</summary>
    /// <param name="held">The last verified version.</param>
    public string? HeldBecause(ListVersion held)
    {
        var reasons = Holds.Select(hold => $"version {hold.Version} {hold.Because}").ToList();
        if (At.Point != held.Point && Brakes.IsJump(At.Version, held.Version))
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"version {held.Version} runs {held.Version.Value - At.Version.Value} ahead of version {At.Version}"));
        return reasons.Count == 0 ? null : string.Join("; ", reasons);
    }

    public JsonObject ToJson() => new()
    {
        ["at"] = At.ToJson(),
        ["holds"] = new JsonArray([.. Holds.Select(hold => (JsonNode)hold.ToJson())]),
        ["rolled_back"] = RolledBack?.ToJson(),
        ["waiting"] = Waiting?.ToJson(),
    };

    public static EnforcingState Parse(JsonElement json) => new(
        ListVersion.Parse(json.GetProperty("at")),
        [.. json.GetProperty("holds").EnumerateArray().Select(Hold.Parse)],
        StateJson.Optional(json, "rolled_back", Enforcing.RolledBack.Parse))
    {
        Waiting = StateJson.Optional(json, "waiting", Hold.Parse),
    };
}
