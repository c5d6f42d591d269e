using System.Globalization;
using System.Text;
using BlockList.Agent.Applying;
using BlockList.Agent.Reporting;

namespace BlockList.Agent.Metrics;

/// <summary>The state of all lists in Prometheus' text format. A value that is not known is left out, never zero.</summary>
internal static class MetricsText
{
    public static byte[] Of(IReadOnlyList<ListStatus> lists, DateTimeOffset? certificateEnds, ExitCode lastRun, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Metric(text, "info", "Version of the agent.", [($"version=\"{Receipts.AgentVersion}\"", 1)]);
        Metric(text, "last_run_timestamp_seconds", "When the agent last ended a run.", [("", Seconds(now))]);
        Metric(text, "last_run_exit_code", "How it ended: 0 done, 3 network, 4 refused, 5 stale, 6 apply failed, 7 held.", [("", (int)lastRun)]);
        Metric(text, "certificate_end_timestamp_seconds", "When this provider's certificate ends.", [("", Seconds(certificateEnds))]);
        OfEach("list_version", "Version in force.", l => l.InForce?.List.Version.Value);
        OfEach("list_entries", "Entries of the version in force.", l => l.InForce?.List.Count);
        OfEach("list_left_out_entries", "Entries of it that are not enforced here.", l => l.InForce?.NotEnforced);
        OfEach("list_published_timestamp_seconds", "When the version in force was published.", l => Seconds(l.InForce?.List.PublishedAt));
        OfEach("list_applied_timestamp_seconds", "When it was put in force.", l => Seconds(l.InForce?.AppliedAt));
        OfEach("list_verified_version", "Newest version that was fetched and verified.", l => l.Held?.Version.Value);
        OfEach("list_poll_success_timestamp_seconds", "When fresh metadata was last seen.", l => Seconds(l.Poll.SucceededAt));
        OfEach("list_failed_polls", "Polls that failed since then.", l => l.Poll.Failures);
        OfEach("list_metadata_end_timestamp_seconds", "When the signed metadata ends.", l => Seconds(l.ExpiresAt));
        OfEach("list_stale", "1 where nothing fresh was seen for 24 hours.", l => l.Stale ? 1 : 0);
        OfEach("list_held", "1 where a brake holds changes back.", l => l.HeldBecause is null ? 0 : 1);
        OfEach("list_withdrawn", "1 where nothing is enforced because no listing is shown to stand any more.", l => l.Withdrawn ? 1 : 0);
        OfEach("list_zone_intact", "1 where the zone file is the one that was put in force.", l => l.ZoneIntact ? 1 : 0);
        return Encoding.UTF8.GetBytes(text.ToString());

        void OfEach(string name, string help, Func<ListStatus, double?> value) =>
            Metric(text, name, help, lists.Select(l => ($"list=\"{l.List}\"", value(l))));
    }

    /// <param name="text">What it is added to.</param>
    /// <param name="name">Without the prefix that all share.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="samples">Labels (of characters that need no escape) and value.</param>
    private static void Metric(StringBuilder text, string name, string help, IEnumerable<(string Labels, double? Value)> samples)
    {
        var known = samples.Where(s => s.Value is not null).ToArray();
        if (known.Length == 0) return;
        name = "blocklist_agent_" + name;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
        foreach (var (labels, value) in known)
            text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : "{" + labels + "}")} {value}\n");
    }

    private static double? Seconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds();
}
