using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Log;
using BlockList.Format.Tuf;

namespace BlockList.Agent.State;

/// <summary>The newest checkpoint of a list's log that this agent verified, so that nobody can show it another log later. It is bound to
/// the log's key: a root that names another one makes it forgotten.</summary>
/// <param name="KeyId">The key, as root named it.</param>
/// <param name="Size">How many leaves the log had.</param>
/// <param name="RootSha256">The root over them.</param>
/// <param name="Note">The signed checkpoint: beside another one that does not follow from it, it is evidence.</param>
/// <param name="TargetsSha256">The targets document that was its last leaf.</param>
internal sealed record LogMemory(string KeyId, long Size, string RootSha256, string Note, string TargetsSha256)
{
    /// <summary>The checkpoint, for a comparison with the next one.</summary>
    public Checkpoint ToCheckpoint(string origin) => new(origin, Size, Convert.FromHexString(RootSha256));

    public bool IsUnder(RootDocument root) => root.LogKey?.KeyId == KeyId;

    public JsonObject ToJson() => new()
    {
        ["key"] = KeyId,
        ["size"] = Size,
        ["root"] = RootSha256,
        ["note"] = Note,
        ["targets"] = TargetsSha256,
    };

    /// <summary>What a receipt says of it.</summary>
    public JsonObject ToReceipt() => new()
    {
        ["size"] = Size,
        ["root"] = RootSha256,
    };

    public static LogMemory Parse(JsonElement json) => new(
        StateJson.Sha256(json.GetProperty("key")),
        json.GetProperty("size").GetInt64(),
        StateJson.Sha256(json.GetProperty("root")),
        json.GetProperty("note").GetString()!,
        StateJson.Sha256(json.GetProperty("targets")));
}
