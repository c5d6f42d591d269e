using System.Text.Json.Nodes;
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
        var outcome = await AppliedAsync(enforcement, ct);
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

    private async Task<ApplyOutcome> AppliedAsync(Enforcement enforcement, CancellationToken ct)
    {
        try
        {
            return await new ApplyVersion(settings, state, time).RunAsync(enforcement, ct);
        }
        catch (Exception problem) when (problem is ApplyFailedException or IOException or UnauthorizedAccessException)
        {
            TellUnlessTold(new ReceiptText(state, settings.Resolver.Type, time).Failed(enforcement.Of, problem is ApplyFailedException failed ? failed.Step : ApplyFailedException.Disk));
            throw;
        }
    }

    /// <summary>Once a day for the same failure, however often it is tried.</summary>
    public void TellUnlessTold(JsonObject receipt)
    {
        try
        {
            var receipts = new Receipts(state, time);
            if (receipts.IsDue(receipt)) receipts.Keep(receipt);
        }
        catch (Exception problem) when (Failure.Of(problem) is not null)
        {
            // The disk may be the very trouble; the failure itself is told to people here.
        }
    }

    private static string ProbesOf(AppliedRecord record) => record.Probes.Count == 0 ? "" :
        $"; {record.Probes.Count(p => p.Value == "blocked")} of {record.Probes.Count} probes blocked";
}
