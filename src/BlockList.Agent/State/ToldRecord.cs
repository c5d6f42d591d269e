using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Agent.State;

/// <summary>What the newest receipt said, so that the same is not said with every poll.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Sha256">Hash of what it says, but for times and proofs.</param>
internal sealed record ToldRecord(DateTimeOffset At, string Sha256)
{
    public JsonObject ToJson() => new() { ["at"] = Timestamp.Format(At), ["sha256"] = Sha256 };

    public static ToldRecord Parse(JsonElement json) => new(StateJson.Time(json.GetProperty("at")), StateJson.Sha256(json.GetProperty("sha256")));
}
