using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Statements;

/// <summary>A list as the root holders founded it.</summary>
public sealed record RegisteredList
{
    /// <summary>Such as <c>worst-of</c>: lower-case letters, digits and hyphens, at most 16. It is also the name of the
    /// RPZ zone, and every listed name leaves room for a zone name of that length.</summary>
    public required string Id { get; init; }

    /// <summary>How many agencies must find all criteria met, 1 or more.</summary>
    public int AgenciesNeeded { get; init; }

    /// <summary>From how many countries they must come, 1 or more.</summary>
    public int CountriesNeeded { get; init; }

    /// <summary>Calendar months that an entry lives without a new sighting.</summary>
    public int LeaseMonths { get; init; }

    /// <summary>Country code of a national list: only agencies of that country decide on it. Null where agencies of every
    /// country do. A list that one agency fills alone must not be open to all.</summary>
    public string? Country { get; init; }

    /// <summary>The versions of the criteria that an assessment may be made under, oldest first.</summary>
    public IReadOnlyList<AcceptedCriteria> Criteria { get; init; } = [];

    /// <summary>Set for a list of test names only: one name below this domain is added and one removed with each
    /// version, without decisions, so that a provider can see its filter follow.</summary>
    public DomainName? TestDomain { get; init; }

    /// <summary>Whether decisions of an agency count on this list.</summary>
    /// <param name="agency">Of the register; null, one that it does not name, decides on no national list.</param>
    public bool IsOpenTo(RegisteredAgency? agency) => Country is null || agency?.Country == Country;

    internal static RegisteredList Parse(JsonFields fields)
    {
        var id = fields.Text("id");
        if (!IsListId(id)) throw fields.Wrong("id", "a list id");
        if (fields.OptionalText("test_domain") is { } domain)
        {
            return DomainName.TryParseCanonical(domain, out var name)
                ? new RegisteredList { Id = id, TestDomain = name }
                : throw fields.Wrong("test_domain", "a domain name");
        }
        // A null would read like a list of no country, open to all: it is said by leaving the field out and by nothing else.
        var country = fields.Properties.Any(p => p.NameEquals("country")) ? RegisteredAgency.ParseCountry(fields) : null;
        var countriesNeeded = fields.Count("countries_needed", 1);
        if (country is not null && countriesNeeded > 1) throw fields.Wrong("countries_needed", "1 for a list of one country");
        return new RegisteredList
        {
            Id = id,
            AgenciesNeeded = fields.Count("agencies_needed", 1),
            CountriesNeeded = countriesNeeded,
            LeaseMonths = fields.Count("lease_months", 1),
            Country = country,
            Criteria = [.. fields.Array("criteria").Select(c => AcceptedCriteria.Parse(new JsonFields(c, "criteria")))],
        };
    }

    /// <summary>Whether <paramref name="id"/> may name a list.</summary>
    public static bool IsListId(string? id) =>
        id is { Length: > 0 and <= 16 } && !id.AsSpan().ContainsAnyExcept(IdCharacters) && id[0] != '-' && id[^1] != '-';

    private static readonly System.Buffers.SearchValues<char> IdCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    internal JsonObject ToJson()
    {
        if (TestDomain is not null) return new JsonObject { ["id"] = Id, ["test_domain"] = TestDomain.Ascii };
        var json = new JsonObject
        {
            ["id"] = Id,
            ["agencies_needed"] = AgenciesNeeded,
            ["countries_needed"] = CountriesNeeded,
            ["lease_months"] = LeaseMonths,
            ["criteria"] = new JsonArray([.. Criteria.Select(c => (JsonNode)c.ToJson())]),
        };
        if (Country is not null) json["country"] = Country;
        return json;
    }
}
