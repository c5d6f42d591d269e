using BlockList.Agent.Applying;
using BlockList.Agent.Reporting;

namespace BlockList.Agent.Metrics;

/// <summary>The state of all lists in figures. A value that is not known is left out, never zero.</summary>
internal sealed class AgentMetrics
{
    public const string Prefix = "blocklist_agent_";

    private readonly IReadOnlyList<ListStatus> lists;
    private readonly List<Metric> metrics = [];

    private AgentMetrics(IReadOnlyList<ListStatus> lists) => this.lists = lists;

    public static IReadOnlyList<Metric> Of(IReadOnlyList<ListStatus> lists, DateTimeOffset? certificateEnds, ExitCode lastRun, DateTimeOffset now)
    {
        var all = new AgentMetrics(lists);
        all.Add("info", "Version of the agent.", [new Sample(("version", ReceiptText.AgentVersion), 1)]);
        all.AddOne("last_run_timestamp_seconds", "When the agent last ended a run.", Seconds(now));
        all.AddOne("last_run_exit_code", "How it ended: 0 done, 3 network, 4 refused, 5 stale, 6 apply failed, 7 held.", (int)lastRun);
        all.AddOne("certificate_end_timestamp_seconds", "When this provider's certificate ends.", Seconds(certificateEnds));
        all.AddEach("list_version", "Version in force.", l => l.InForce?.List.Version.Value);
        all.AddEach("list_entries", "Entries of the version in force.", l => l.InForce?.List.Count);
        all.AddEach("list_left_out_entries", "Entries of it that are not enforced here.", l => l.InForce?.NotEnforced);
        all.AddEach("list_published_timestamp_seconds", "When the version in force was published.", l => Seconds(l.InForce?.List.PublishedAt));
        all.AddEach("list_applied_timestamp_seconds", "When it was put in force.", l => Seconds(l.InForce?.AppliedAt));
        all.AddEach("list_verified_version", "Newest version that was fetched and verified.", l => l.Held?.Version.Value);
        all.AddEach("list_poll_success_timestamp_seconds", "When fresh metadata was last seen.", l => Seconds(l.Poll.SucceededAt));
        all.AddEach("list_failed_polls", "Polls that failed since then.", l => l.Poll.Failures);
        all.AddEach("list_metadata_end_timestamp_seconds", "When the signed metadata ends.", l => Seconds(l.ExpiresAt));
        all.AddEach("list_stale", "1 where nothing fresh was seen for 24 hours.", l => l.Stale ? 1 : 0);
        all.AddEach("list_held", "1 where a brake holds changes back.", l => l.HeldBecause is null ? 0 : 1);
        all.AddEach("list_withdrawn", "1 where nothing is enforced because no listing is shown to stand any more.", l => l.Withdrawn ? 1 : 0);
        all.AddEach("list_last_run_exit_code", "How the last run for this list ended.", l => (double?)(int?)l.Run?.Code);
        all.AddEach("list_held_additions", "Added entries that a brake keeps from being blocked.", l => l.InForce?.Enforced.HeldAdditions);
        all.AddEach("list_held_removals", "Removed entries that a brake keeps blocked.", l => l.InForce?.Enforced.HeldRemovals);
        all.AddEach("list_waiting_additions", "Added entries that wait for the change window.", l => l.InForce?.Enforced.Waiting);
        all.AddEach("list_change_window_open_timestamp_seconds", "When the change window opens; none where it is open.", l => Seconds(l.OpensAt));
        all.AddEach("list_enforced_entries", "Entries that are enforced here: none where withdrawn.", l => l.InForce?.Enforced.Entries);
        all.AddEach("list_rolled_back", "1 where a person went back to an earlier version.", l => l.InForce?.Enforced.RolledBackFrom is null ? 0 : 1);
        all.AddEach("list_early_clock", "1 where this machine's clock is behind what was signed.", l => l.ClockIsEarly ? 1 : 0);
        all.AddEach("list_failed_days", "Days of failed polls, of which a withdrawal without news needs many.", l => l.Poll.FailedDays);
        all.AddEach("list_lease_end_timestamp_seconds", "When no listing is shown to stand any more.", l => Seconds(l.LeaseEndsAt));
        all.AddEach("list_zone_intact", "1 where the zone file is the one that was put in force.", l => l.ZoneIntact ? 1 : 0);
        return all.metrics;
    }

    private void AddOne(string name, string help, double? value) => Add(name, help, value is { } known ? [new Sample(null, known)] : []);

    private void AddEach(string name, string help, Func<ListStatus, double?> value) =>
        Add(name, help, [.. lists.Select(l => (l.List, Value: value(l))).Where(v => v.Value is not null).Select(v => new Sample(("list", v.List), v.Value!.Value))]);

    private void Add(string name, string help, Sample[] samples)
    {
        if (samples.Length > 0) metrics.Add(new Metric(Prefix + name, help, samples));
    }

    private static double? Seconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds();
}
