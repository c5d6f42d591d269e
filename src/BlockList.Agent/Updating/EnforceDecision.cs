using BlockList.Agent.Applying;
using BlockList.Agent.Configuration;
using BlockList.Agent.Enforcing;
using BlockList.Agent.Reporting;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;

namespace BlockList.Agent.Updating;

/// <summary>Puts a decision in force and says so, with everything in which it differs from the signed version.</summary>
internal sealed class EnforceDecision(ListSettings settings, ListState state, TimeProvider time, AgentOutput output)
{
    public async Task<ExitCode> RunAsync(Enforcement enforcement, CancellationToken ct)
    {
        var outcome = await new ApplyVersion(settings, state, time).RunAsync(enforcement, ct);
        var record = outcome.Record;
        await output.Results.WriteLineAsync(outcome.Changed
            ? $"{state.List}: version {record.List.Version} is in force at {record.Resolver}, {record.Enforced.Entries} entries, shown by {record.Evidence}" + ProbesOf(record)
            : $"{state.List}: version {record.List.Version} is in force already");
        if (outcome.Changed && record.Probes.Where(p => p.Value == ProbeResult.Open).Select(p => p.Key).ToArray() is { Length: > 0 } open)
            await output.WarnAsync($"{state.List}: {record.Resolver} answers the {string.Join(" and the ", open)} name of the list with data, and blocks others: an exemption of your own that comes first?");
        foreach (var (label, sentence) in EnforcementText.Of(record.Enforced, record.List, settings.ChangeWindows?.OpensAt(time.GetUtcNow())))
            await output.Progress.WriteLineAsync($"{state.List}: {label}: {sentence}");
        return enforcement.Withdrawn ? ExitCode.Stale : enforcement.HeldBecause is not null ? ExitCode.Held : ExitCode.Done;
    }

    private static string ProbesOf(AppliedRecord record) => record.Probes.Count == 0 ? "" :
        $"; {record.Probes.Count(p => p.Value == "blocked")} of {record.Probes.Count} probes blocked";
}
