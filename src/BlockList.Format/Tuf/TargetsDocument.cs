using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary><c>N.targets.json</c>: the files of one published state, by constant names (TUF specification 4.5).
/// Delegations do not exist in this format and are refused.</summary>
public sealed record TargetsDocument(int Version, DateTimeOffset Expires, IReadOnlyDictionary<string, TargetFile> Files)
{
    /// <exception cref="MalformedDocumentException">It is no targets document of this format.</exception>
    public static TargetsDocument Parse(JsonElement signed)
    {
        var fields = DocumentFields.Open(signed, RoleName.Targets);
        if (signed.TryGetProperty("delegations", out _)) throw new MalformedDocumentException("targets: delegations are not part of this format");
        if (!fields.Object("targets").Properties.All(p => TargetFile.IsPath(p.Name)))
            throw new MalformedDocumentException("targets: a file has a name that leads out of the repository or needs escaping");
        var files = fields.Object("targets").Properties.ToDictionary(
            p => p.Name,
            p => TargetFile.Parse(new JsonFields(p.Value, "target")),
            StringComparer.Ordinal);
        return new TargetsDocument(DocumentFields.Version(fields), fields.Time("expires"), files);
    }

    /// <summary>The signed part, ready for its signatures.</summary>
    public JsonObject ToJson()
    {
        var json = DocumentFields.Begin(RoleName.Targets, Version, Expires);
        var targets = new JsonObject();
        foreach (var (path, file) in Files) targets[path] = file.ToJson();
        json["targets"] = targets;
        return json;
    }
}
