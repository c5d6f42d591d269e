using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Agent.State;

/// <summary>How the last run for a list ended, for <c>status</c>: the exit code of a service's run is seen by nobody.</summary>
/// <param name="At">When.</param>
/// <param name="Code">Its code.</param>
/// <param name="Message">What it said, or null where nothing failed.</param>
internal sealed record RunRecord(DateTimeOffset At, ExitCode Code, string? Message)
{
    public JsonObject ToJson() => new() { ["at"] = Timestamp.Format(At), ["code"] = (int)Code, ["message"] = Message };

    public static RunRecord Parse(JsonElement json) =>
        new(StateJson.Time(json.GetProperty("at")), (ExitCode)json.GetProperty("code").GetInt32(), StateJson.OptionalText(json, "message"));
}
