using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Statements;

/// <summary>A person's signing credential in the register.</summary>
/// <param name="Person">Lasting id of the person.</param>
/// <param name="Agency">Id of the agency they sign for.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, P-256.</param>
/// <param name="Roles">What they may decide: <see cref="Curator"/>, <see cref="ReleaseOfficer"/>, <see cref="ListOwner"/>.</param>
public sealed record RegisteredCredential(string Person, string Agency, byte[] PublicKey, IReadOnlyList<string> Roles)
{
    public const string Curator = "curator";
    public const string ReleaseOfficer = "release-officer";
    public const string ListOwner = "list-owner";

    /// <summary>SHA-256 of the public key; computed, so that no id can stand beside another's key.</summary>
    public string Id { get; } = Hashes.Sha256(PublicKey);

    internal static RegisteredCredential Parse(JsonFields fields)
    {
        var publicKey = fields.Base64("public");
        using (var key = P256.Read(publicKey))
            if (key is null) throw fields.Wrong("public", "a P-256 public key");
        return new RegisteredCredential(fields.Text("person"), fields.Text("agency"), publicKey, fields.Texts("roles"));
    }

    internal JsonObject ToJson() => new()
    {
        ["person"] = Person,
        ["agency"] = Agency,
        ["public"] = Convert.ToBase64String(PublicKey),
        ["roles"] = new JsonArray([.. Roles.Select(r => (JsonNode)r)]),
    };
}
