using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Agent.State;

/// <summary>How the last polls of a list went, for <c>status</c> and for conditional requests. Nothing is trusted because of it.</summary>
internal sealed record PollRecord
{
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When a timestamp within its date was last seen.</summary>
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>Polls that failed since then.</summary>
    public int Failures { get; init; }

    /// <summary>What the last poll failed with, or null.</summary>
    public string? Error { get; init; }

    /// <summary>The ETag that came with the stored <c>timestamp.json</c>, and the hash of that file, so that one is never sent for another.</summary>
    public string? ETag { get; init; }

    public string? ETagOf { get; init; }

    public JsonObject ToJson() => new()
    {
        ["attempted_at"] = AttemptedAt is { } attempted ? Timestamp.Format(attempted) : null,
        ["succeeded_at"] = SucceededAt is { } succeeded ? Timestamp.Format(succeeded) : null,
        ["failures"] = Failures,
        ["error"] = Error,
        ["etag"] = ETag,
        ["etag_of"] = ETagOf,
    };

    public static PollRecord Parse(JsonElement json) => new()
    {
        AttemptedAt = StateJson.OptionalTime(json, "attempted_at"),
        SucceededAt = StateJson.OptionalTime(json, "succeeded_at"),
        Failures = json.GetProperty("failures").GetInt32(),
        Error = StateJson.OptionalText(json, "error"),
        ETag = StateJson.OptionalText(json, "etag"),
        ETagOf = StateJson.OptionalText(json, "etag_of"),
    };
}
