using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Statements;

/// <summary>An agency of the register.</summary>
/// <param name="Id">Short lasting id, such as <c>no-kripos</c>.</param>
/// <param name="Name">As people know it.</param>
/// <param name="Country">ISO 3166-1 alpha-2; an international organisation has a code of its own from the user-assigned range.</param>
public sealed record RegisteredAgency(string Id, string Name, string Country)
{
    internal static RegisteredAgency Parse(JsonFields fields) => new(fields.Text("id"), fields.Text("name"), ParseCountry(fields));

    internal static string ParseCountry(JsonFields fields)
    {
        var country = fields.Text("country");
        return country.Length == 2 && !country.AsSpan().ContainsAnyExceptInRange('A', 'Z') ? country : throw fields.Wrong("country", "a code of two capital letters");
    }

    internal JsonObject ToJson() => new() { ["id"] = Id, ["name"] = Name, ["country"] = Country };
}
