using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary>The fields that all four metadata documents begin with (TUF specification 4.2 and 4.3).</summary>
internal static class DocumentFields
{
    public static JsonFields Open(JsonElement signed, string role)
    {
        var fields = new JsonFields(signed, role);
        fields.Exactly("_type", role);
        // Patch and minor versions of TUF 1 are compatible by its own promise; another major version is not.
        if (!fields.Text("spec_version").StartsWith("1.", StringComparison.Ordinal))
            throw new MalformedDocumentException($"{role}: \"spec_version\" is not 1.x");
        return fields;
    }

    public static JsonObject Begin(string role, int version, DateTimeOffset expires) => new()
    {
        ["_type"] = role,
        ["spec_version"] = RoleName.SpecificationVersion,
        ["version"] = version,
        ["expires"] = Timestamp.Format(expires),
    };

    public static int Version(JsonFields fields) => fields.Count("version", 1);
}
