using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Tuf;

namespace BlockList.Agent.State;

/// <summary>One verified version of a list, as the state directory remembers it.</summary>
/// <param name="Sha256">Hash of its <c>list.txt</c>.</param>
/// <param name="Count">Entries in it.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="EvaluatedAt">When it was last derived from the decisions, signing anew included.</param>
/// <param name="LeaseMonths">Calendar months after that for which its listings are shown to stand; 0 where they never end.</param>
internal sealed record ListVersion(Serial Version, string Sha256, int Count, DateTimeOffset PublishedAt, DateTimeOffset EvaluatedAt, int LeaseMonths)
{
    public static ListVersion Of(ListFacts facts, TargetFile file) =>
        new(facts.Version, file.Sha256, facts.Count, facts.PublishedAt, facts.EvaluatedAt, facts.LeaseMonths);

    /// <summary>Where in the chain it stands. Signing anew changes its dates and not this.</summary>
    public ChainPoint Point => new(Version, Sha256, Count);

    /// <summary>The newest time that a signature of this version speaks of.</summary>
    public DateTimeOffset SignedAt => PublishedAt > EvaluatedAt ? PublishedAt : EvaluatedAt;

    public JsonObject ToJson() => new()
    {
        ["version"] = Version.Value,
        ["sha256"] = Sha256,
        ["count"] = Count,
        ["published_at"] = Timestamp.Format(PublishedAt),
        ["evaluated_at"] = Timestamp.Format(EvaluatedAt),
        ["lease_months"] = LeaseMonths,
    };

    public static ListVersion Parse(JsonElement json) => new(
        Serial.Create(json.GetProperty("version").GetInt64()),
        StateJson.Sha256(json.GetProperty("sha256")),
        json.GetProperty("count").GetInt32(),
        StateJson.Time(json.GetProperty("published_at")),
        StateJson.Time(json.GetProperty("evaluated_at")),
        json.GetProperty("lease_months").GetInt32());
}
