using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Signatures;

/// <summary>Which keys may sign for a role, and how many of them must (TUF specification 4.3).</summary>
/// <param name="KeyIds">Ids of the role's keys, each once.</param>
/// <param name="Threshold">How many different keys must sign, at least 1.</param>
public sealed record RoleKeys(IReadOnlyList<string> KeyIds, int Threshold)
{
    internal static RoleKeys Parse(JsonFields fields, string role)
    {
        var keyIds = fields.Texts("keyids");
        if (keyIds.Length == 0 || keyIds.Distinct(StringComparer.Ordinal).Count() != keyIds.Length || !keyIds.All(Hashes.IsSha256))
            throw new MalformedDocumentException($"role {role} has no list of different key ids");
        return new RoleKeys(keyIds, fields.Count("threshold", 1));
    }

    public JsonObject ToJson() => new()
    {
        ["keyids"] = new JsonArray([.. KeyIds.Select(id => (JsonNode)id)]),
        ["threshold"] = Threshold,
    };
}
