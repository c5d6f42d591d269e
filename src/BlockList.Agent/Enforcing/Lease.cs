using BlockList.Agent.State;

namespace BlockList.Agent.Enforcing;

/// <summary>
/// How long a list may stay in force. One lease after its last evaluation no listing of it is shown to meet the criteria any more,
/// however often it was signed anew since. The clock alone never says so: either a poll succeeded when the lease was over, and the
/// timestamp that it brought, being within its date, vouches for the clock; or as many days of failed polls were counted that no
/// jump of a clock can stand for them.
/// </summary>
internal static class Lease
{
    /// <summary>Two days of three: a machine may sleep, and polls may be rarer than they should.</summary>
    private const int FailedDaysOfAMonth = 20;

    /// <summary>When the last listing of a version ends to be shown, or null for a list without leases.</summary>
    public static DateTimeOffset? EndOf(ListVersion version) =>
        version.LeaseMonths == 0 ? null : version.EvaluatedAt.AddMonths(version.LeaseMonths);

    /// <summary>Days of failed polls that a withdrawal needs where no poll succeeds.</summary>
    public static int FailedDaysOf(ListVersion version) => version.LeaseMonths * FailedDaysOfAMonth;

    public static bool IsOver(ListVersion version, PollRecord poll, DateTimeOffset now) =>
        EndOf(version) is { } end && end <= now && (end <= poll.SucceededAt || poll.FailedDays >= FailedDaysOf(version));
}
