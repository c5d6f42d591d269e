using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Tuf;

/// <summary>
/// <c>N.root.json</c>: which keys sign what, and which list of which deployment this repository is
/// (TUF specification 4.3; the field <c>blocklist</c> is this format's own and signed with the rest).
/// </summary>
public sealed record RootDocument
{
    private const string ApproverField = "approver_keys";
    private const string LogField = "log_key";

    /// <summary>Counts up by one with every root.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required IReadOnlyDictionary<string, VerificationKey> Keys { get; init; }

    /// <summary>The four roles of <see cref="RoleName"/>.</summary>
    public required IReadOnlyDictionary<string, RoleKeys> Roles { get; init; }

    /// <summary>The deployment that publishes; a root of another one is refused, whoever signed it.</summary>
    public required string Deployment { get; init; }

    /// <summary>The list that this repository carries.</summary>
    public required string List { get; init; }

    /// <summary>Signs <c>manifest.txt</c> for people without the agent (SSHSIG and CMS).</summary>
    public required VerificationKey ManifestKey { get; init; }

    /// <summary>Signs the checkpoints of the list's transparency log. Null in roots of before there was one; where a root names
    /// one, a client takes no targets that the log does not show.</summary>
    public VerificationKey? LogKey { get; init; }

    /// <summary>Keys of people, by key id, one of whom may approve a step that adds or removes more than a step usually may
    /// (<see cref="BulkApproval"/>). Empty where nobody can.</summary>
    public IReadOnlyDictionary<string, VerificationKey> ApproverKeys { get; init; } = new Dictionary<string, VerificationKey>();

    /// <summary>Reads the signed part of a root.</summary>
    /// <exception cref="MalformedDocumentException">It is no root of this format.</exception>
    public static RootDocument Parse(JsonElement signed)
    {
        var fields = DocumentFields.Open(signed, RoleName.Root);
        if (!fields.Boolean("consistent_snapshot"))
            throw new MalformedDocumentException("root: \"consistent_snapshot\" is not true");
        var keys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        foreach (var property in fields.Object("keys").Properties)
        {
            var key = VerificationKey.Parse(property.Value);
            // An id that is not the key's own hash would let one key stand under two ids and count twice.
            if (key.KeyId != property.Name) throw new MalformedDocumentException("root: a key stands under another key's id");
            keys.Add(key.KeyId, key);
        }
        var roles = fields.Object("roles");
        var own = fields.Object("blocklist");
        return new RootDocument
        {
            Version = DocumentFields.Version(fields),
            Expires = fields.Time("expires"),
            Keys = keys,
            Roles = RoleName.All.ToDictionary(role => role, role => RoleKeys.Parse(roles.Object(role), role), StringComparer.Ordinal),
            Deployment = own.Text("deployment"),
            List = own.Text("list"),
            ManifestKey = VerificationKey.Parse(own.Required("manifest_key")),
            LogKey = own.Has(LogField) ? VerificationKey.Parse(own.Required(LogField)) : null,
            ApproverKeys = Approvers(own),
        };
    }

    private static Dictionary<string, VerificationKey> Approvers(JsonFields own)
    {
        var keys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        if (!own.Has(ApproverField)) return keys;
        foreach (var json in own.Array(ApproverField))
        {
            var key = VerificationKey.Parse(json);
            if (!keys.TryAdd(key.KeyId, key)) throw new MalformedDocumentException("root: one approver key stands there twice");
        }
        return keys;
    }

    /// <summary>The signed part, ready for its signatures.</summary>
    public JsonObject ToJson()
    {
        var keys = new JsonObject();
        foreach (var key in Keys.Values) keys[key.KeyId] = JsonNode.Parse(key.Json.GetRawText());
        var roles = new JsonObject();
        foreach (var (role, of) in Roles) roles[role] = of.ToJson();
        var json = DocumentFields.Begin(RoleName.Root, Version, Expires);
        json["consistent_snapshot"] = true;
        json["keys"] = keys;
        json["roles"] = roles;
        var own = new JsonObject
        {
            ["deployment"] = Deployment,
            ["list"] = List,
            ["manifest_key"] = JsonNode.Parse(ManifestKey.Json.GetRawText()),
        };
        if (LogKey is not null) own[LogField] = JsonNode.Parse(LogKey.Json.GetRawText());
        // Left out where nobody may approve, as in every root before this field existed.
        if (ApproverKeys.Count > 0)
            own[ApproverField] = new JsonArray([.. ApproverKeys.Values.Select(key => JsonNode.Parse(key.Json.GetRawText()))]);
        json["blocklist"] = own;
        return json;
    }
}
