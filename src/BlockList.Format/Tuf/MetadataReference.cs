using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tuf;

/// <summary>How snapshot and timestamp name the one file below them: version, length in bytes and SHA-256.</summary>
public sealed record MetadataReference(int Version, long Length, string Sha256)
{
    /// <summary>The reference to a file that was just signed.</summary>
    public static MetadataReference To(int version, ReadOnlySpan<byte> file) => new(version, file.Length, Hashes.Sha256(file));

    /// <summary>Whether <paramref name="file"/> is the file meant.</summary>
    public bool Matches(ReadOnlySpan<byte> file) => file.Length == Length && Hashes.Sha256(file) == Sha256;

    internal static MetadataReference Parse(JsonFields fields) =>
        new(DocumentFields.Version(fields), fields.Integer("length", 1), fields.Object("hashes").Sha256("sha256"));

    internal JsonObject ToJson() => new()
    {
        ["version"] = Version,
        ["length"] = Length,
        ["hashes"] = new JsonObject { ["sha256"] = Sha256 },
    };
}
