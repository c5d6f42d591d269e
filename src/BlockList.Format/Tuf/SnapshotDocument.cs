using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary><c>N.snapshot.json</c>: which targets file belongs to this state of the repository (TUF specification 4.4).</summary>
public sealed record SnapshotDocument(int Version, DateTimeOffset Expires, MetadataReference Targets)
{
    /// <exception cref="MalformedDocumentException">It is no snapshot of this format, or names other files.</exception>
    public static SnapshotDocument Parse(JsonElement signed)
    {
        var fields = DocumentFields.Open(signed, RoleName.Snapshot);
        var meta = fields.Object("meta");
        if (meta.Properties.Count() != 1) throw new MalformedDocumentException("snapshot: \"meta\" does not name exactly one file");
        return new SnapshotDocument(DocumentFields.Version(fields), fields.Time("expires"), MetadataReference.Parse(meta.Object("targets.json")));
    }

    /// <summary>The signed part, ready for its signatures.</summary>
    public JsonObject ToJson()
    {
        var json = DocumentFields.Begin(RoleName.Snapshot, Version, Expires);
        json["meta"] = new JsonObject { ["targets.json"] = Targets.ToJson() };
        return json;
    }
}
