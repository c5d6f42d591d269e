using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlockList.Server.Curation.Entries;

/// <summary>What entries are looked for; whatever is null does not matter. It is also what a saved filter keeps.</summary>
/// <param name="Part">Part of a name, at least three characters, as A-label or in its own script.</param>
/// <param name="Reference">A number in another system, alone or as <c>TYPE:NUMBER</c>.</param>
/// <param name="Agency">Id of an agency that voted; only entries that the reader sees are asked.</param>
/// <param name="State">Where the entry stands, as far as the reader sees it.</param>
/// <param name="List">Id of a list.</param>
internal sealed record EntryFilter(string? Part = null, string? Reference = null, string? Agency = null, StateFilter? State = null, string? List = null)
{
    public const int ShortestPart = 3;

    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() } };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static EntryFilter FromJson(string json) => JsonSerializer.Deserialize<EntryFilter>(json, Json)!;
}

/// <summary>Where an entry stands. What a reader may not see waits for an assessment, and is nothing else.</summary>
internal enum StateFilter
{
    Awaiting,
    Disputed,
    Eligible,
    Withdrawn,
    Suspended,
    Lapsed,
    Removed,
    Declined,
}
