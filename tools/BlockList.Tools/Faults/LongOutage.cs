using System.Text.Json;
using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Faults;

/// <summary>The feed is down for four months, a poll each day, and the list has a lease of three: the agent withdraws what it
/// enforces when the lease is over, as it is configured to by default, and not a day before; when the feed is back, so is the list.</summary>
internal sealed class LongOutage(WatchedProvider provider, TimeProvider clock, Findings findings)
{
    private const int Days = 122;
    private const int LeaseMonths = 3;

    /// <summary>The scenario itself takes a while, and days end at another hour than it began.</summary>
    private const int Leeway = 2;

    public async Task RunAsync(CancellationToken ct)
    {
        if (await WithdrawnAsync(0, ct) is null)
        {
            findings.Skipped = "this agent does not withdraw yet";
            return;
        }
        var lease = (int)(clock.GetUtcNow().AddMonths(LeaseMonths) - clock.GetUtcNow()).TotalDays;
        provider.Vector.Misserve("", Misservings.Status(503));
        for (var day = 1; day <= Days; day++)
        {
            // From here on the names may be free; up to here each answer counts.
            if (day == lease - Leeway) await provider.Prober.DisposeAsync();
            findings.Count();
            await provider.Provider.ByClock(day).ApplyAsync(ct);
        }
        if (provider.Prober.LetThrough > 0) findings.Note("the list was withdrawn before its lease was over");
        if (await WithdrawnAsync(Days, ct) != true) findings.Note("the list was not withdrawn after its lease was over");

        provider.Vector.ServeHonestly();
        provider.PublishNext();
        foreach (var problem in await provider.RecoverAsync(ct)) findings.Note(problem);
    }

    /// <returns>Null where the agent does not know of withdrawal.</returns>
    private async Task<bool?> WithdrawnAsync(int days, CancellationToken ct)
    {
        var status = await provider.Provider.ByClock(days).StatusAsync(ct);
        using var json = JsonDocument.Parse(status!.Output);
        return json.RootElement.GetProperty("lists")[0].TryGetProperty("withdrawn", out var withdrawn) ? withdrawn.GetBoolean() : null;
    }
}
