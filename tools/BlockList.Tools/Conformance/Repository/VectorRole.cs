using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Tools.Conformance.Repository;

/// <summary>One role of a vector's repository: the keys that root names for it, and what a thief of them, or a defect,
/// makes of its next document.</summary>
internal sealed class VectorRole
{
    public VectorRole(string name, int keys, int threshold, TimeSpan lifetime)
    {
        Name = name;
        Keys = [.. Enumerable.Range(0, keys).Select(_ => new SigningKey())];
        Threshold = threshold;
        Lifetime = lifetime;
    }

    public string Name { get; }

    /// <summary>What the next root names.</summary>
    public IReadOnlyList<SigningKey> Keys { get; set; }

    public int Threshold { get; set; }

    /// <summary>Who signs instead of <see cref="Keys"/>.</summary>
    public IReadOnlyList<SigningKey>? Signers { get; set; }

    /// <summary>Version of the newest document.</summary>
    public int Version { get; set; }

    /// <summary>How long what is signed next lives; negative for what is past its date already.</summary>
    public TimeSpan Lifetime { get; set; }

    /// <summary>Changes the document before it is signed.</summary>
    public Action<JsonObject> Alter { get; set; } = _ => { };

    /// <summary>Changes the signatures before they are written.</summary>
    public Action<JsonArray> AlterSignatures { get; set; } = _ => { };

    /// <summary>Changes the file after it was signed and before the document above names its hash.</summary>
    public Func<byte[], byte[]> Rewrite { get; set; } = bytes => bytes;

    public RoleKeys Named => new([.. Keys.Select(k => k.Id)], Threshold);

    public byte[] Sign(JsonObject signed)
    {
        Alter(signed);
        var signatures = new JsonArray([.. (Signers ?? Keys).Select(k => (JsonNode)k.Sign(signed))]);
        AlterSignatures(signatures);
        return Rewrite(CanonicalJson.Print(new JsonObject { ["signatures"] = signatures, ["signed"] = signed }));
    }
}
