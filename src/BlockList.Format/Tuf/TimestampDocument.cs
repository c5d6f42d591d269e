using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary><c>timestamp.json</c>: the newest snapshot, signed often, so that a frozen mirror shows (TUF specification 4.6).</summary>
public sealed record TimestampDocument(int Version, DateTimeOffset Expires, MetadataReference Snapshot)
{
    /// <exception cref="MalformedDocumentException">It is no timestamp of this format, or names other files.</exception>
    public static TimestampDocument Parse(JsonElement signed)
    {
        var fields = DocumentFields.Open(signed, RoleName.Timestamp);
        var meta = fields.Object("meta");
        if (meta.Properties.Count() != 1) throw new MalformedDocumentException("timestamp: \"meta\" does not name exactly one file");
        return new TimestampDocument(DocumentFields.Version(fields), fields.Time("expires"), MetadataReference.Parse(meta.Object("snapshot.json")));
    }

    /// <summary>The signed part, ready for its signatures.</summary>
    public JsonObject ToJson()
    {
        var json = DocumentFields.Begin(RoleName.Timestamp, Version, Expires);
        json["meta"] = new JsonObject { ["snapshot.json"] = Snapshot.ToJson() };
        return json;
    }
}
