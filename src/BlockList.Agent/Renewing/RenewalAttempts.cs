using System.Text.Json.Nodes;
using BlockList.Agent.State;
using BlockList.Format.Json;

namespace BlockList.Agent.Renewing;

/// <summary>When a renewal was last tried in vain. It lies on the disk: a timer's runs remember nothing.</summary>
internal sealed class RenewalAttempts(string stateDirectory, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(15), Longest = TimeSpan.FromHours(12);

    private readonly string path = RenewalFiles.AttemptsOf(stateDirectory);

    /// <summary>Whether enough time has passed: 15 minutes, then twice as long each time, 12 hours at most. A clock that was set back ends a wait.</summary>
    public bool IsDue => Read() is not var (at, failures) || time.GetUtcNow() is var now && (now < at || now >= at + Wait(failures));

    public void Fail()
    {
        var failures = Read() is var (_, before) ? before : 0;
        StateJson.Write(path, new JsonObject { ["attempted_at"] = Timestamp.Format(time.GetUtcNow()), ["failures"] = Math.Min(failures + 1, 100) });
    }

    public void Forget() => DurableFile.Delete(path);

    private static TimeSpan Wait(int failures)
    {
        var wait = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return wait < Longest ? wait : Longest;
    }

    private (DateTimeOffset At, int Failures)? Read()
    {
        try
        {
            return StateJson.Read(path, json => Tuple.Create(StateJson.Time(json.GetProperty("attempted_at")), json.GetProperty("failures").GetInt32())) is { } read ? (read.Item1, read.Item2) : null;
        }
        catch (StateException)
        {
            // Nothing is trusted because of this file: damaged, it is no reason to wait.
            return null;
        }
    }
}
