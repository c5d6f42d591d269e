using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Rpz;

namespace BlockList.Agent.State;

/// <summary>What was put in force last, and what shows it.</summary>
/// <param name="List">The version.</param>
/// <param name="Resolver">Name of the resolver's section in the configuration.</param>
/// <param name="Zone">The resolver's name for the zone.</param>
/// <param name="ZoneFile">Where the zone lies.</param>
/// <param name="ZoneSha256">Hash of the rendered zone, so that a file changed by someone else shows.</param>
/// <param name="AppliedAt">When it was checked.</param>
/// <param name="Evidence"><c>serial</c> where the resolver said which serial it loaded, else <c>probe</c>.</param>
/// <param name="Probes">What each probe showed.</param>
/// <param name="LeftOut">Entries that were due and that this resolver cannot express.</param>
/// <param name="Enforced">In what that differs from the version.</param>
internal sealed record AppliedRecord(
    ListVersion List, string Resolver, string Zone, string ZoneFile, string ZoneSha256,
    DateTimeOffset AppliedAt, string Evidence, IReadOnlyDictionary<string, string> Probes, int LeftOut, EnforcedFacts Enforced)
{
    /// <summary>What is answered for the names. Records of a time without a choice have none, and answered NXDOMAIN.</summary>
    public PolicyAction Action { get; init; } = PolicyAction.NxDomain;

    /// <summary>Entries of the version that are not in force, for whatever reason.</summary>
    public int NotEnforced => Enforced.Withdrawn ? List.Count : LeftOut + Enforced.LeftOut + Enforced.HeldAdditions + Enforced.Waiting;

    public JsonObject ToJson() => new()
    {
        ["list"] = List.ToJson(),
        ["resolver"] = Resolver,
        ["zone"] = Zone,
        ["zone_file"] = ZoneFile,
        ["zone_sha256"] = ZoneSha256,
        ["applied_at"] = Timestamp.Format(AppliedAt),
        ["evidence"] = Evidence,
        ["probes"] = ProbesToJson(),
        ["left_out"] = LeftOut,
        ["enforced"] = Enforced.ToJson(),
        ["action"] = Action.ToString(),
    };

    public JsonObject ProbesToJson() =>
        new(Probes.Select(probe => KeyValuePair.Create(probe.Key, (JsonNode?)probe.Value)));

    public static AppliedRecord Parse(JsonElement json) => new(
        ListVersion.Parse(json.GetProperty("list")),
        json.GetProperty("resolver").GetString()!,
        json.GetProperty("zone").GetString()!,
        json.GetProperty("zone_file").GetString()!,
        json.GetProperty("zone_sha256").GetString()!,
        StateJson.Time(json.GetProperty("applied_at")),
        json.GetProperty("evidence").GetString()!,
        json.GetProperty("probes").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal),
        json.GetProperty("left_out").GetInt32(),
        EnforcedFacts.Parse(json.GetProperty("enforced")))
    {
        Action = StateJson.OptionalText(json, "action") is not { } text ? PolicyAction.NxDomain
            : PolicyAction.TryParse(text, out var action) ? action : throw new FormatException("\"action\" is no action"),
    };
}
