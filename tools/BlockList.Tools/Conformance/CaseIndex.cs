using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Tools.Conformance.Cases;

namespace BlockList.Tools.Conformance;

/// <summary>The index of the kit for machines: <c>docs/conformance/index.json</c>.</summary>
internal static class CaseIndex
{
    private const string FormatName = "blocklist-conformance/1";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string PathIn(string checkout) => Path.Combine(checkout, "docs", "conformance", "index.json");

    public static string Text() => new JsonObject
    {
        ["format"] = FormatName,
        ["lists"] = new JsonObject(AllCases.List.SelectMany(c => c.Steps).Select(s => s.InForce).DistinctBy(l => l.Name).Select(Entries)),
        ["cases"] = new JsonArray([.. AllCases.List.Select(c => (JsonNode)Case(c))]),
    }.ToJsonString(Readable) + "\n";

    private static KeyValuePair<string, JsonNode?> Entries(NamedList list) =>
        KeyValuePair.Create(list.Name, (JsonNode?)new JsonArray([.. list.Entries.Select(e => (JsonNode)e)]));

    private static JsonObject Case(ConformanceCase one)
    {
        var json = new JsonObject
        {
            ["id"] = one.Id,
            ["group"] = one.Group,
            ["about"] = one.About,
        };
        if (one.Follows is { } scenario) json["follows"] = $"tuf-conformance {scenario}";
        json["steps"] = new JsonArray([.. one.Steps.Select(s => (JsonNode)Step(s))]);
        return json;
    }

    private static JsonObject Step(CaseStep step) => new()
    {
        ["happens"] = step.Happens,
        ["command"] = step.Enrols ? "enroll" : step.Accepts is { } version ? $"apply --accept {version}" : "apply",
        ["exit"] = new JsonArray([.. step.Exit.Select(code => (JsonNode)code)]),
        ["in_force"] = step.InForce.Name,
    };
}
