using System.Text.Json.Nodes;
using BlockList.Agent.State;
using BlockList.Format.Json;

namespace BlockList.Agent.Transport;

/// <summary>Until when the server asked to be left alone (<c>Retry-After</c>). It lies on the disk, so that neither a
/// restart nor the next run of a timer forgets it.</summary>
internal sealed class ServerPause(string stateDirectory, TimeProvider time)
{
    /// <summary>No server of ours asks for more. What says more is a mistake, or a clock that was set since.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(1);

    private readonly string path = Path.Combine(stateDirectory, "pause.json");

    /// <summary>The moment, or null where requests are welcome. A clock that was set back ends a pause rather than prolong it.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            var now = time.GetUtcNow();
            return Read() is var (asked, until) && asked <= now && now < until && until - now <= Longest ? until : null;
        }
    }

    /// <summary>What is left of it.</summary>
    public TimeSpan Left => Until - time.GetUtcNow() ?? TimeSpan.Zero;

    public void Keep(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero) return;
        var now = time.GetUtcNow();
        try
        {
            StateJson.Write(path, new JsonObject
            {
                ["asked_at"] = Timestamp.Format(now),
                ["until"] = Timestamp.Format(now + (wait < Longest ? wait : Longest)),
            });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The refusal itself is the failure to tell; a disk that is full shows itself at the next write that matters.
        }
    }

    private (DateTimeOffset Asked, DateTimeOffset Until)? Read()
    {
        try
        {
            return StateJson.Read(path, json => Tuple.Create(StateJson.Time(json.GetProperty("asked_at")), StateJson.Time(json.GetProperty("until"))))
                is { } kept ? (kept.Item1, kept.Item2) : null;
        }
        catch (StateException)
        {
            // Nothing is trusted because of this file: damaged, it is no reason to stop.
            return null;
        }
    }
}
