using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Statements;

/// <summary>One version of a list's criteria under which assessments count.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Sha256">Hash of the published text.</param>
/// <param name="DecidedByCurator">Ids of the criteria that a person judges; the others follow from the system's own facts.</param>
public sealed record AcceptedCriteria(int Version, string Sha256, IReadOnlyList<string> DecidedByCurator)
{
    internal static AcceptedCriteria Parse(JsonFields fields)
    {
        var decided = fields.Texts("decided_by_curator");
        if (decided.Length == 0 || decided.Any(string.IsNullOrEmpty) || decided.Distinct(StringComparer.Ordinal).Count() != decided.Length)
            throw fields.Wrong("decided_by_curator", "a list of different criteria");
        return new AcceptedCriteria(fields.Count("version", 1), fields.Sha256("sha256"), decided);
    }

    internal JsonObject ToJson() => new()
    {
        ["version"] = Version,
        ["sha256"] = Sha256,
        ["decided_by_curator"] = new JsonArray([.. DecidedByCurator.Select(c => (JsonNode)c)]),
    };
}
