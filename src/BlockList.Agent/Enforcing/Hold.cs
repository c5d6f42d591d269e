using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Agent.Content;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>What a brake keeps from following one version, until a person accepts that version; or what the change window keeps
/// back, until it opens.</summary>
/// <param name="Version">The version whose step was too large, or that came outside the window.</param>
/// <param name="Because">How large it was and what a version may be.</param>
/// <param name="Additions">Entries on the list that are not enforced.</param>
/// <param name="Removals">Entries off the list that are enforced still.</param>
internal sealed record Hold(Serial Version, string Because, ListFile Additions, ListFile Removals)
{
    /// <summary>This hold after later changes of the list: what left the list is added no more, what is on it again is removed no more.</summary>
    public Hold After(Step step) => this with { Additions = Additions.Except(step.Removed), Removals = Removals.Except(step.Added) };

    public bool IsEmpty => Additions.Count == 0 && Removals.Count == 0;

    public JsonObject ToJson() => new()
    {
        ["version"] = Version.Value,
        ["because"] = Because,
        ["additions"] = StateJson.Entries(Additions),
        ["removals"] = StateJson.Entries(Removals),
    };

    public static Hold Parse(JsonElement json) => new(
        Serial.Create(json.GetProperty("version").GetInt64()),
        json.GetProperty("because").GetString()!,
        StateJson.Entries(json.GetProperty("additions")),
        StateJson.Entries(json.GetProperty("removals")));
}
