using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Agent.State;

namespace BlockList.Agent.Enforcing;

/// <summary>A person's choice to go back, in force until the chain goes on from the version gone back from.</summary>
/// <param name="To">The version whose entries are enforced, but for those that left the list since.</param>
/// <param name="From">The version that must not be put in force again.</param>
internal sealed record RolledBack(ListVersion To, ChainPoint From)
{
    public JsonObject ToJson() => new()
    {
        ["to"] = To.ToJson(),
        ["from"] = From.ToJson(),
    };

    public static RolledBack Parse(JsonElement json) =>
        new(ListVersion.Parse(json.GetProperty("to")), ChainPoint.Parse(json.GetProperty("from")));
}
