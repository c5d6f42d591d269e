using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format;

namespace BlockList.Agent.State;

/// <summary>A place in the chain of versions: which number, with which content. A number alone says too little, because
/// a root that replaces stolen keys lets numbers begin again.</summary>
internal sealed record ChainPoint(Serial Version, string Sha256, int Count)
{
    public JsonObject ToJson() => new()
    {
        ["version"] = Version.Value,
        ["sha256"] = Sha256,
        ["count"] = Count,
    };

    public static ChainPoint Parse(JsonElement json) => new(
        Serial.Create(json.GetProperty("version").GetInt64()),
        StateJson.Sha256(json.GetProperty("sha256")),
        json.GetProperty("count").GetInt32());
}
