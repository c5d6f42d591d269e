using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Statements;

/// <summary>
/// The document in which agencies, their countries, their people's credentials and the founding parameters of the
/// lists stand. Root holders sign it off line; whoever decides what is published reads it and nothing else for these
/// facts. Database copies are for display.
/// </summary>
public sealed record AgencyRegister
{
    private const string Type = "blocklist-register";

    public required int Version { get; init; }

    public required string Deployment { get; init; }

    public required DateTimeOffset Issued { get; init; }

    public required RelyingParty RelyingParty { get; init; }

    /// <summary>By agency id.</summary>
    public required IReadOnlyDictionary<string, RegisteredAgency> Agencies { get; init; }

    /// <summary>By credential id.</summary>
    public required IReadOnlyDictionary<string, RegisteredCredential> Credentials { get; init; }

    /// <summary>By list id.</summary>
    public required IReadOnlyDictionary<string, RegisteredList> Lists { get; init; }

    /// <summary>Reads a register and checks its signatures.</summary>
    /// <param name="utf8">The signed document.</param>
    /// <param name="roots">Whose signatures it needs, pinned by the reader.</param>
    /// <param name="keys">Those root keys.</param>
    /// <exception cref="MalformedDocumentException">Not such a document, or too few signatures.</exception>
    public static AgencyRegister Open(ReadOnlySpan<byte> utf8, RoleKeys roots, IReadOnlyDictionary<string, VerificationKey> keys)
    {
        var document = SignedDocument.Parse(utf8);
        if (!document.ReachesThreshold(roots, keys))
            throw new MalformedDocumentException($"the register bears {document.CountValid(roots, keys)} valid root signatures of the {roots.Threshold} it needs");
        var fields = new JsonFields(document.Signed, "register");
        fields.Exactly("_type", Type);
        var party = fields.Object("relying_party");
        var agencies = ById(fields.Array("agencies").Select(a => RegisteredAgency.Parse(new JsonFields(a, "agency"))), a => a.Id, "agency");
        var credentials = ById(fields.Array("credentials").Select(c => RegisteredCredential.Parse(new JsonFields(c, "credential"))), c => c.Id, "credential");
        if (credentials.Values.Any(c => c.Agency is not null && !agencies.ContainsKey(c.Agency)))
            throw new MalformedDocumentException("register: a credential belongs to no agency of it");
        return new AgencyRegister
        {
            Version = fields.Count("version", 1),
            Deployment = fields.Text("deployment"),
            Issued = fields.Time("issued"),
            RelyingParty = new RelyingParty(party.Text("id"), party.Text("origin")),
            Agencies = agencies,
            Credentials = credentials,
            Lists = ById(fields.Array("lists").Select(l => RegisteredList.Parse(new JsonFields(l, "list"))), l => l.Id, "list"),
        };
    }

    private static Dictionary<string, T> ById<T>(IEnumerable<T> items, Func<T, string> id, string what)
    {
        var byId = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in items)
            if (!byId.TryAdd(id(item), item)) throw new MalformedDocumentException($"register: one {what} stands there twice");
        return byId;
    }

    /// <summary>The agencies whose decisions count on a list, by id.</summary>
    public IReadOnlyDictionary<string, RegisteredAgency> AgenciesOf(RegisteredList list) =>
        list.Country is null ? Agencies : Agencies.Where(a => list.IsOpenTo(a.Value)).ToDictionary(StringComparer.Ordinal);

    /// <summary>The signed part, ready for the root holders.</summary>
    public JsonObject ToJson() => new()
    {
        ["_type"] = Type,
        ["version"] = Version,
        ["deployment"] = Deployment,
        ["issued"] = Timestamp.Format(Issued),
        ["relying_party"] = new JsonObject { ["id"] = RelyingParty.Id, ["origin"] = RelyingParty.Origin },
        ["agencies"] = new JsonArray([.. Agencies.Values.OrderBy(a => a.Id, StringComparer.Ordinal).Select(a => (JsonNode)a.ToJson())]),
        ["credentials"] = new JsonArray([.. Credentials.Values.OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => (JsonNode)c.ToJson())]),
        ["lists"] = new JsonArray([.. Lists.Values.OrderBy(l => l.Id, StringComparer.Ordinal).Select(l => (JsonNode)l.ToJson())]),
    };
}
