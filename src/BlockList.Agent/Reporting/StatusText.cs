using System.Globalization;
using System.Text;
using BlockList.Agent.Enforcing;

namespace BlockList.Agent.Reporting;

/// <summary>The status of a list for people: what is in force first, then what to worry about.</summary>
internal static class StatusText
{
    public static string Of(ListStatus status)
    {
        var text = new StringBuilder();
        Line(text, status.List, status.Word);
        if (status.InForce is { } applied)
        {
            Line(text, "  in force", string.Create(CultureInfo.InvariantCulture, $"version {applied.List.Version}, {applied.Enforced.Entries} entries, shown by {applied.Evidence} at {applied.Resolver}"));
            Line(text, "  published", At(applied.List.PublishedAt, status.Now));
            Line(text, "  applied", At(applied.AppliedAt, status.Now));
            if (!status.ZoneIntact) Line(text, "  zone file", $"{applied.ZoneFile} is missing or was changed by someone. Run \"blocklist-agent apply\".");
        }
        else
        {
            Line(text, "  in force", "nothing yet. Run \"blocklist-agent apply\".");
        }
        foreach (var (label, sentence) in Differences(status)) Line(text, "  " + label, sentence);
        if (status.Held is { } held && status.InForce?.Enforced.RolledBackFrom != held.Version && held.Version != status.InForce?.List.Version)
            Line(text, "  verified", $"version {held.Version} is here and not in force. Run \"blocklist-agent apply\".");
        Line(text, "  last poll", status.Poll.SucceededAt is { } last ? $"{At(last, status.Now)} (the last that succeeded)" : "none has succeeded yet");
        if (status.Poll.Error is { } error)
            Line(text, "  last error", string.Create(CultureInfo.InvariantCulture, $"{error} ({status.Poll.Failures} polls failed since)"));
        if (status is { RunFailed: true, Run: { } run } && run.Message != status.Poll.Error)
            Line(text, "  last run", $"{At(run.At, status.Now)}: {run.Message}");
        if (status.ClockIsEarly) Line(text, "  early clock", EarlyClock.Sentence(status.Now, status.Memory!) + ".");
        if (status.Stale) Line(text, "  stale", "nothing fresh was seen for 24 hours. What is in force stays in force. Check the network and the last error.");
        if (status.Expired) Line(text, "  expired", $"the signed metadata ended {At(status.ExpiresAt!.Value, status.Now)}. What is in force stays in force. Tell the operator.");
        if (status is { LeaseEndsAt: { } end, Poll.FailedDays: > 0, Withdrawn: false })
            Line(text, "  lease", string.Create(CultureInfo.InvariantCulture, $"after {At(end, status.Now)} no listing is shown to stand any more; withdrawn then, and after {Lease.FailedDaysOf(status.Held!)} days of failed polls ({status.Poll.FailedDays} so far), unless afterlease=keep."));
        else if (status is { LeaseEndsAt: { } near, EvaluationIsOld: true, Withdrawn: false })
            Line(text, "  lease", $"it was last evaluated {At(status.Held!.EvaluatedAt, status.Now)}, and after {At(near, status.Now)} no listing is shown to stand any more: withdrawn then, although polls succeed, unless afterlease=keep. Ask the operator why the list is signed and not evaluated.");
        return text.ToString();
    }

    /// <summary>In what the list differs from its version, as it was applied; what is held goes by what was decided since.</summary>
    private static IEnumerable<(string Label, string Sentence)> Differences(ListStatus status) => status.InForce is { } applied
        ? EnforcementText.Of(applied.Enforced with { HeldBecause = status.HeldBecause }, applied.List, status.OpensAt)
        : [];

    private static void Line(StringBuilder text, string label, string value) => text.Append(label.PadRight(18)).Append(value).Append('\n');

    private static string At(DateTimeOffset time, DateTimeOffset now)
    {
        var age = now - time;
        var ago = age.TotalDays <= -2 ? string.Create(CultureInfo.InvariantCulture, $"in {(int)-age.TotalDays} days")
            : age < TimeSpan.Zero ? "in the future"
            : age.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min ago")
            : age.TotalDays < 2 ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h ago")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} days ago");
        return time.UtcDateTime.ToString("ddd dd MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture) + $" ({ago})";
    }
}
