using System.Text.Json;
using BlockList.Format.Statements;

namespace BlockList.Server.Curation;

/// <summary>One row of a staged import: nothing yet that anyone decided.</summary>
internal sealed class Draft
{
    public required Guid ImportId { get; init; }

    /// <summary>Line of the file, the header being 1.</summary>
    public required int Line { get; init; }

    public required string Name { get; init; }

    public required string Scope { get; init; }

    /// <summary>Another agency proposed the name already: a task to review it, never a vote.</summary>
    public required bool IsReview { get; init; }

    public required DateTimeOffset SightedAt { get; init; }

    /// <summary>JSON object: the verdict on each criterion that a curator decides on the list.</summary>
    public required string Verdicts { get; init; }

    public string? ReferenceType { get; init; }

    public string? ReferenceNumber { get; init; }

    public string? Note { get; init; }

    public static string Print(Verdicts verdicts) =>
        JsonSerializer.Serialize(verdicts.Criteria.ToDictionary(c => c, c => Format.Statements.Verdicts.Print(verdicts[c])));

    /// <summary>The verdict on each criterion, as text.</summary>
    public Dictionary<string, string> ReadVerdicts() => JsonSerializer.Deserialize<Dictionary<string, string>>(Verdicts)!;
}
