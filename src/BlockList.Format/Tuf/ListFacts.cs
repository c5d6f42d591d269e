using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary>What targets says of <c>list.txt</c> in its <c>custom</c> field.</summary>
public sealed record ListFacts
{
    public required string Deployment { get; init; }

    public required string List { get; init; }

    /// <summary>Number of this state of the list; unlike the targets version it stays when metadata is only signed anew.</summary>
    public required Serial Version { get; init; }

    /// <summary>Entries in the list.</summary>
    public required int Count { get; init; }

    /// <summary>Hash of the version before, or null for the first.</summary>
    public required string? PreviousSha256 { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When the list was last derived from the decisions, signing anew included. One lease after it no
    /// listing is shown to meet the criteria any more.</summary>
    public required DateTimeOffset EvaluatedAt { get; init; }

    /// <summary>Calendar months that a listing lives without a new sighting; 0 where the list has no leases.</summary>
    public required int LeaseMonths { get; init; }

    public required int Added { get; init; }

    public required int Removed { get; init; }

    /// <summary>Whether the version only removes and was published at once.</summary>
    public required bool Urgent { get; init; }

    /// <summary>The newest criteria version accepted; 0 for a list without criteria.</summary>
    public required int CriteriaVersion { get; init; }

    /// <summary>Somebody's word that this version may change more than a version usually may, or null.</summary>
    public BulkApproval? BulkApproval { get; init; }

    /// <summary>32 random bytes in hexadecimal: the digest of this document in a public log then says nothing about its content.</summary>
    public required string Salt { get; init; }

    /// <exception cref="MalformedDocumentException">A field is missing or not of its kind.</exception>
    public static ListFacts Parse(JsonElement custom)
    {
        var fields = new JsonFields(custom, "custom");
        return new ListFacts
        {
            Deployment = fields.Text("deployment"),
            List = fields.Text("list"),
            Version = Serial.TryCreate(fields.Integer("list_version", 1), out var version) && fields.Integer("soa_serial", 1) == version.Value
                ? version
                : throw fields.Wrong("list_version", "a serial that equals \"soa_serial\""),
            Count = fields.Count("count"),
            PreviousSha256 = fields.OptionalSha256("prev_sha256"),
            PublishedAt = fields.Time("published_at"),
            EvaluatedAt = fields.Time("evaluated_at"),
            LeaseMonths = fields.Count("lease_months"),
            Added = fields.Count("added"),
            Removed = fields.Count("removed"),
            Urgent = fields.Boolean("urgent"),
            CriteriaVersion = fields.Count("criteria_version"),
            BulkApproval = BulkApproval.Of(custom),
            Salt = fields.Sha256("salt"),
        };
    }

    public JsonElement ToJson()
    {
        var json = new JsonObject
        {
            ["deployment"] = Deployment,
            ["list"] = List,
            ["list_version"] = Version.Value,
            ["soa_serial"] = Version.Value,
            ["count"] = Count,
            ["prev_sha256"] = PreviousSha256,
            ["published_at"] = Timestamp.Format(PublishedAt),
            ["evaluated_at"] = Timestamp.Format(EvaluatedAt),
            ["lease_months"] = LeaseMonths,
            ["added"] = Added,
            ["removed"] = Removed,
            ["urgent"] = Urgent,
            ["criteria_version"] = CriteriaVersion,
            ["salt"] = Salt,
        };
        if (BulkApproval is { } approval) json[BulkApproval.Field] = JsonNode.Parse(approval.Json.GetRawText());
        return CanonicalJson.Parse(CanonicalJson.Encode(json));
    }
}
