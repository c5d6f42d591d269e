using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary>What targets may say of a delta in its <c>custom</c> field: <c>urgent</c> and <c>bulk_approval</c>, as
/// <see cref="ListFacts"/> said of the version that it leads to. Both may be missing, and then hold nothing.</summary>
public static class DeltaFacts
{
    private const string UrgentField = "urgent";

    /// <summary>What is to be said of the step to a version, or null where there is nothing to say.</summary>
    public static JsonElement? ToJson(ListFacts facts)
    {
        if (!facts.Urgent && facts.BulkApproval is null) return null;
        var json = new JsonObject { [UrgentField] = facts.Urgent };
        if (facts.BulkApproval is { } approval) json[BulkApproval.Field] = JsonNode.Parse(approval.Json.GetRawText());
        return CanonicalJson.Parse(CanonicalJson.Encode(json));
    }

    /// <summary>Whether the step was published at once, to remove.</summary>
    public static bool IsUrgent(JsonElement? custom) =>
        custom is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(UrgentField, out var urgent) && urgent.ValueKind == JsonValueKind.True;
}
