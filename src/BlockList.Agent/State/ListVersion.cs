using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Tuf;

namespace BlockList.Agent.State;

/// <summary>One verified version of a list, as the state directory remembers it.</summary>
/// <param name="Sha256">Hash of its <c>list.txt</c>.</param>
/// <param name="Count">Entries in it.</param>
internal sealed record ListVersion(Serial Version, string Sha256, int Count, DateTimeOffset PublishedAt)
{
    public static ListVersion Of(ListFacts facts, TargetFile file) => new(facts.Version, file.Sha256, facts.Count, facts.PublishedAt);

    public JsonObject ToJson() => new()
    {
        ["version"] = Version.Value,
        ["sha256"] = Sha256,
        ["count"] = Count,
        ["published_at"] = Timestamp.Format(PublishedAt),
    };

    public static ListVersion Parse(JsonElement json) => new(
        Serial.Create(json.GetProperty("version").GetInt64()),
        json.GetProperty("sha256").GetString() is { } hash && Hashes.IsSha256(hash) ? hash : throw new FormatException("\"sha256\" is no hash"),
        json.GetProperty("count").GetInt32(),
        StateJson.Time(json.GetProperty("published_at")));
}
