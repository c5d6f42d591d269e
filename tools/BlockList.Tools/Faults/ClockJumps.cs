using System.Globalization;
using System.Text.Json;

namespace BlockList.Tools.Faults;

/// <summary>The agent's clock is a year ahead, then a year behind, and right again after each. By libfaketime, which the .NET
/// runtime reads its clock through; the scenario makes sure of that first.</summary>
internal sealed class ClockJumps(WatchedProvider provider, TimeProvider clock, Findings findings)
{
    private const int Polls = 8;
    private const int Year = 365;
    private const int Done = 0;
    private const int Stale = 5;

    public async Task RunAsync(CancellationToken ct)
    {
        if (!await ReachesAgentAsync(ct))
        {
            findings.Skipped = "faketime does not change the agent's clock on this machine";
            return;
        }
        // What was signed by the right clock is long past its date a year ahead, and the agent must say so.
        await PollAsync(Year, [Stale], ct);
        // A year behind nothing has an end in sight; the agent may warn of its clock.
        await PollAsync(-Year, [Done, Stale], ct);
    }

    private async Task PollAsync(int days, int[] exit, CancellationToken ct)
    {
        for (var poll = 0; poll < Polls; poll++)
        {
            findings.Count();
            provider.PublishNext();
            var run = await provider.Provider.ByClock(days).ApplyAsync(ct);
            if (run is null || !exit.Contains(run.ExitCode)) findings.Note(string.Create(CultureInfo.InvariantCulture, $"{days} days off, the agent ended with {run?.ExitCode}: {run?.Errors.Trim()}"));
        }
        foreach (var problem in await provider.RecoverAsync(ct)) findings.Note(problem);
    }

    private async Task<bool> ReachesAgentAsync(CancellationToken ct)
    {
        var status = await provider.Provider.ByClock(Year).StatusAsync(ct);
        if (status is null || status.Output.Length == 0) return false;
        using var json = JsonDocument.Parse(status.Output);
        return json.RootElement.GetProperty("clock").GetDateTimeOffset() > clock.GetUtcNow().AddDays(Year - 1);
    }
}
