using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format;

namespace BlockList.Agent.State;

/// <summary>In what an enforcement differs from the version that it comes from; see <see cref="Enforcing.Enforcement"/>.</summary>
/// <param name="Sha256">Hash of the entries that are enforced.</param>
/// <param name="Entries">How many they are.</param>
internal sealed record EnforcedFacts(
    string Sha256, int Entries, int LeftOut, int HeldAdditions, int HeldRemovals, string? HeldBecause, bool Withdrawn, Serial? RolledBackFrom)
{
    /// <summary>Entries that the change window keeps out. Records of a time without windows have none.</summary>
    public int Waiting { get; init; }

    public JsonObject ToJson() => new()
    {
        ["sha256"] = Sha256,
        ["entries"] = Entries,
        ["left_out"] = LeftOut,
        ["held_additions"] = HeldAdditions,
        ["held_removals"] = HeldRemovals,
        ["held_because"] = HeldBecause,
        ["waiting"] = Waiting,
        ["withdrawn"] = Withdrawn,
        ["rolled_back_from"] = RolledBackFrom?.Value,
    };

    public static EnforcedFacts Parse(JsonElement json) => new(
        StateJson.Sha256(json.GetProperty("sha256")),
        json.GetProperty("entries").GetInt32(),
        json.GetProperty("left_out").GetInt32(),
        json.GetProperty("held_additions").GetInt32(),
        json.GetProperty("held_removals").GetInt32(),
        StateJson.OptionalText(json, "held_because"),
        json.GetProperty("withdrawn").GetBoolean(),
        json.GetProperty("rolled_back_from") is { ValueKind: JsonValueKind.Number } from ? Serial.Create(from.GetInt64()) : null)
    {
        Waiting = json.TryGetProperty("waiting", out var waiting) ? waiting.GetInt32() : 0,
    };
}
