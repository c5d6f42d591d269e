using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Agent.State;

/// <summary>How the last polls of a list went, for <c>status</c> and for conditional requests. Nothing is trusted because of it, and nothing is enforced that would not be otherwise.</summary>
internal sealed record PollRecord
{
    /// <summary>Less than a day, so that a poll that comes once a day counts each time.</summary>
    private static readonly TimeSpan DayApart = TimeSpan.FromHours(20);

    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When a timestamp within its date was last seen, by this machine's clock, which was then no more than its life ahead.</summary>
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>Polls that failed since then.</summary>
    public int Failures { get; init; }

    /// <summary>What the last poll failed with, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Failed polls since then that lay a day apart: how long there was no news, told by counting and not by one look at a
    /// clock. A withdrawal without news needs many (<see cref="Enforcing.Lease"/>).</summary>
    public int FailedDays { get; init; }

    /// <summary>When the last of them was counted.</summary>
    public DateTimeOffset? FailedDayAt { get; init; }

    /// <summary>The ETag that came with the stored <c>timestamp.json</c>, and the hash of that file, so that one is never sent for another.</summary>
    public string? ETag { get; init; }

    public string? ETagOf { get; init; }

    /// <summary>This record after a poll that brought something within its date.</summary>
    public PollRecord Succeeded(DateTimeOffset now) =>
        this with { AttemptedAt = now, SucceededAt = now, Failures = 0, Error = null, FailedDays = 0, FailedDayAt = null };

    /// <summary>This record after a poll that did not.</summary>
    /// <param name="now">By this machine's clock.</param>
    /// <param name="error">What it failed with.</param>
    /// <param name="news">It brought a timestamp that was not known, though one past its date by this clock: the publisher is alive, and
    /// the clock may be what is wrong.</param>
    public PollRecord Failed(DateTimeOffset now, string error, bool news)
    {
        var counts = FailedDayAt is not { } last || now - last >= DayApart;
        return this with
        {
            AttemptedAt = now,
            Failures = Failures + 1,
            Error = error,
            FailedDays = news ? 0 : counts ? FailedDays + 1 : FailedDays,
            // A clock that was set back counts anew from where it is now.
            FailedDayAt = counts || now < FailedDayAt ? now : FailedDayAt,
        };
    }

    public JsonObject ToJson() => new()
    {
        ["attempted_at"] = AttemptedAt is { } attempted ? Timestamp.Format(attempted) : null,
        ["succeeded_at"] = SucceededAt is { } succeeded ? Timestamp.Format(succeeded) : null,
        ["failures"] = Failures,
        ["error"] = Error,
        ["failed_days"] = FailedDays,
        ["failed_day_at"] = FailedDayAt is { } counted ? Timestamp.Format(counted) : null,
        ["etag"] = ETag,
        ["etag_of"] = ETagOf,
    };

    public static PollRecord Parse(JsonElement json) => new()
    {
        AttemptedAt = StateJson.OptionalTime(json, "attempted_at"),
        SucceededAt = StateJson.OptionalTime(json, "succeeded_at"),
        Failures = json.GetProperty("failures").GetInt32(),
        Error = StateJson.OptionalText(json, "error"),
        FailedDays = json.GetProperty("failed_days").GetInt32(),
        FailedDayAt = StateJson.OptionalTime(json, "failed_day_at"),
        ETag = StateJson.OptionalText(json, "etag"),
        ETagOf = StateJson.OptionalText(json, "etag_of"),
    };
}
