using BlockList.Agent.Transport;

namespace BlockList.Agent.Running;

/// <summary>
/// Versions that the server spoke of and that were not seen yet. Each waits for a random moment, so that not everyone
/// pulls at once; a node that answers the pull with less than was hinted at is asked again for a minute.
/// </summary>
internal sealed class PendingHints(Chance chance)
{
    private static readonly TimeSpan UrgentSpread = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, Pending> pending = new(StringComparer.Ordinal);

    /// <summary>When the next pull is due, or null where nothing waits.</summary>
    public TimeSpan? Due => pending.Count == 0 ? null : pending.Values.Min(p => p.Due);

    public void Take(Hint hint, TimeSpan now)
    {
        var due = now + (hint.Urgent ? UrgentSpread : Spread) * chance();
        if (!pending.TryGetValue(hint.List, out var known))
        {
            pending[hint.List] = new Pending(hint.Version, hint.Urgent, due, null, FirstRetry);
        }
        else if (hint.Version > known.Version || (hint.Version == known.Version && hint.Urgent && !known.Urgent))
        {
            // A newer version joins the pull that is due already; only urgency brings it forward. Once there was a pull, the
            // retries go their way: hints are not signed, and whoever sends many must not make as many polls.
            pending[hint.List] = known with
            {
                Version = hint.Version,
                Urgent = known.Urgent || hint.Urgent,
                Due = known.FirstPull is null && due < known.Due ? due : known.Due,
            };
        }
    }

    /// <summary>Forgets what a poll brought, and puts off what it did not.</summary>
    /// <param name="now">When the poll ended.</param>
    /// <param name="seen">The highest version of a list that was verified.</param>
    public void AfterPoll(TimeSpan now, Func<string, long> seen)
    {
        foreach (var (list, hint) in pending.ToArray())
        {
            if (seen(list) >= hint.Version || hint.FirstPull is { } first && now - first >= RetryFor) pending.Remove(list);
            else if (hint.FirstPull is null) pending[list] = hint with { FirstPull = now, Due = now + hint.Retry };
            else pending[list] = hint with { Retry = hint.Retry * 2, Due = now + hint.Retry * 2 };
        }
    }

    /// <param name="Version">The newest that was hinted at.</param>
    /// <param name="Urgent">Whether one of them was urgent.</param>
    /// <param name="Due">When to pull.</param>
    /// <param name="FirstPull">When the first pull for it ended; the retries count from there.</param>
    /// <param name="Retry">The wait before the next retry.</param>
    private sealed record Pending(long Version, bool Urgent, TimeSpan Due, TimeSpan? FirstPull, TimeSpan Retry);
}
