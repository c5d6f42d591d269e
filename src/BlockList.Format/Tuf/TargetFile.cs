using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary>One file that a repository offers (TUF specification 4.5).</summary>
/// <param name="Length">Bytes of the decoded file.</param>
/// <param name="Sha256">Hash of the decoded file, lower-case hexadecimal.</param>
/// <param name="Custom">What the file says of itself; for <c>list.txt</c> see <see cref="ListFacts"/>.</param>
public sealed record TargetFile(long Length, string Sha256, JsonElement? Custom = null)
{
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    public static TargetFile To(ReadOnlySpan<byte> file) => new(file.Length, Hashes.Sha256(file));

    /// <summary>Whether <paramref name="file"/> is the file meant; length first, so that nothing too long is hashed.</summary>
    public bool Matches(ReadOnlySpan<byte> file) => file.Length == Length && Hashes.Sha256(file) == Sha256;

    /// <summary>Whether <paramref name="path"/> names a file below <c>targets/</c> and nothing else, as a URL and on a
    /// disk alike: parts of letters, digits, hyphens, dots and underscores between single slashes, none of which begins
    /// with a dot.</summary>
    public static bool IsPath(string path)
    {
        foreach (var range in path.AsSpan().Split('/'))
        {
            var part = path.AsSpan(range);
            if (part.IsEmpty || part[0] == '.' || part.ContainsAnyExcept(PathCharacters)) return false;
        }
        return true;
    }

    /// <summary>Where the file lies below <c>targets/</c>, with consistent snapshots: <c>dir/SHA256.name</c>.</summary>
    public string LocationOf(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return string.Concat(path.AsSpan(0, slash), Sha256, ".", path.AsSpan(slash));
    }

    internal static TargetFile Parse(JsonFields fields) => new(
        fields.Integer("length"),
        fields.Object("hashes").Sha256("sha256"),
        CustomOf(fields));

    private static JsonElement? CustomOf(JsonFields fields)
    {
        if (!fields.Has("custom")) return null;
        var custom = fields.Required("custom");
        return custom.ValueKind == JsonValueKind.Object ? custom.Clone() : throw fields.Wrong("custom", "an object");
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["length"] = Length,
            ["hashes"] = new JsonObject { ["sha256"] = Sha256 },
        };
        if (Custom is { } custom) json["custom"] = JsonNode.Parse(custom.GetRawText());
        return json;
    }
}
