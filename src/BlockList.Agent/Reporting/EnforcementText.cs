using System.Globalization;
using BlockList.Agent.State;

namespace BlockList.Agent.Reporting;

/// <summary>In what an enforcement differs from its version, for people: what happened, what it means, what to do. Never a name.</summary>
internal static class EnforcementText
{
    /// <summary>One label and sentence for each difference, the gravest first; none where the version is in force as it is.</summary>
    /// <param name="facts">What is enforced.</param>
    /// <param name="version">The version that it comes from.</param>
    /// <param name="opensAt">When the change window opens, or null where it is open.</param>
    public static IEnumerable<(string Label, string Sentence)> Of(EnforcedFacts facts, ListVersion version, DateTimeOffset? opensAt)
    {
        if (facts.Withdrawn)
        {
            yield return ("WITHDRAWN", string.Create(CultureInfo.InvariantCulture,
                $"no listing of version {version.Version} is shown to stand any more: it was last evaluated {Timestamp(version.EvaluatedAt)}, and its lease of {version.LeaseMonths} months is over. NOTHING OF THIS LIST IS BLOCKED. It returns by itself with the first poll that brings a list evaluated since. If polls fail, mend the connection; if they succeed, the operator signs the list and evaluates it no more: ask there. afterlease=keep in the list's section would go on enforcing it."));
        }
        if (facts.HeldBecause is { } because)
        {
            yield return ("HELD", string.Create(CultureInfo.InvariantCulture,
                $"{because}. {facts.HeldAdditions} added entries are not blocked and {facts.HeldRemovals} removed ones are still. Look at it (\"blocklist-agent diff\"), ask the operator, then accept it by its number: \"blocklist-agent apply --accept VERSION\"."));
        }
        if (facts is { Waiting: > 0, Withdrawn: false })
            yield return ("waits", Waits(facts.Waiting, version, opensAt) + " Removals did not wait. To add them now: \"blocklist-agent apply --now\".");
        if (facts.RolledBackFrom is { } from)
        {
            yield return ("rolled back", string.Create(CultureInfo.InvariantCulture,
                $"version {version.Version} in place of {from}, without the entries that left the list since. It ends with the next version after {from}, or with \"blocklist-agent apply --accept {from}\"."));
        }
        if (facts.LeftOut > 0)
        {
            yield return ("left out", string.Create(CultureInfo.InvariantCulture,
                $"{facts.LeftOut} entries, for your own never-block file (\"blocklist-agent diff --names\" names them)."));
        }
    }

    /// <summary>What waits for the change window, and until when.</summary>
    public static string Waits(int entries, ListVersion version, DateTimeOffset? opensAt) => string.Create(CultureInfo.InvariantCulture,
        $"version {version.Version} waits for the change window: {entries} additions, ") + (opensAt is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"opens at {at.UtcDateTime:ddd dd MMM yyyy, HH:mm} UTC.")
        : "which is open; the next run adds them.");

    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("ddd dd MMM yyyy", CultureInfo.InvariantCulture);
}
