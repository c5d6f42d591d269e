using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Statements;

/// <summary>A person's signing credential in the register.</summary>
/// <param name="Person">Lasting id of the person.</param>
/// <param name="Agency">Id of the agency they sign for; null of people who belong to none, and then of <see cref="ComplaintsOfficer"/> and <see cref="Oversight"/> alone.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, P-256.</param>
/// <param name="Roles">What they may decide: <see cref="Curator"/>, <see cref="ReleaseOfficer"/>, <see cref="ListOwner"/>,
/// <see cref="ComplaintsOfficer"/>, <see cref="Oversight"/>.</param>
public sealed record RegisteredCredential(string Person, string? Agency, byte[] PublicKey, IReadOnlyList<string> Roles)
{
    public const string Curator = "curator";
    public const string ReleaseOfficer = "release-officer";
    public const string ListOwner = "list-owner";
    public const string ComplaintsOfficer = "complaints-officer";
    public const string Oversight = "oversight";

    /// <summary>SHA-256 of the public key; computed, so that no id can stand beside another's key.</summary>
    public string Id { get; } = Hashes.Sha256(PublicKey);

    internal static RegisteredCredential Parse(JsonFields fields)
    {
        var publicKey = fields.Base64("public");
        using (var key = P256.Read(publicKey))
            if (key is null) throw fields.Wrong("public", "a P-256 public key");
        // Whoever votes, votes for an agency; it is left out for people of none and for nobody else, and a null says nothing.
        var (agency, roles) = (fields.Properties.Any(p => p.NameEquals("agency")) ? fields.Text("agency") : null, fields.Texts("roles"));
        if (agency is null && (roles.Length == 0 || roles.Any(role => role is not (ComplaintsOfficer or Oversight)))) throw fields.Wrong("agency", "there, and only complaints officers and oversight have none");
        return new RegisteredCredential(fields.Text("person"), agency, publicKey, roles);
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["person"] = Person, ["public"] = Convert.ToBase64String(PublicKey), ["roles"] = new JsonArray([.. Roles.Select(r => (JsonNode)r)]) };
        if (Agency is not null) json["agency"] = Agency;
        return json;
    }
}
