using System.Diagnostics;
using System.Security.Cryptography;
using BlockList.Agent;
using BlockList.Tools.Development;

namespace BlockList.Tools.Faults;

/// <summary>Kills the agent in the middle of its work, by turns at a fault point and at a random moment, until it was killed
/// often enough; now and then it may run to its end and must have recovered.</summary>
internal sealed class Kills(WatchedProvider provider, int wanted, Findings findings)
{
    /// <summary>128 and the signal's number, as a shell reports it.</summary>
    private const int Killed = 128 + (int)UnixSignal.Kill;

    /// <summary>Several deaths on one state, the last on what the one before left.</summary>
    private const int DeathsBeforeRecovery = 5;

    private TimeSpan usual;

    public int Made { get; private set; }

    public Findings Findings => findings;

    public async Task RunAsync(CancellationToken ct)
    {
        await RecoverAsync(ct);
        for (var turn = 0; Made < wanted; turn++)
        {
            findings.Count();
            provider.PublishNext(withNewKey: turn % 3 == 0);
            var point = turn % 2 == 0 ? FaultPoints.All[turn / 2 % FaultPoints.All.Count] : null;
            if (await KillAsync(point, ct)) Made++;
            if (turn % DeathsBeforeRecovery == DeathsBeforeRecovery - 1) await RecoverAsync(ct);
        }
        await RecoverAsync(ct);
    }

    private async Task<bool> KillAsync(string? faultPoint, CancellationToken ct)
    {
        await using var agent = await provider.Provider.StartApplyAsync(faultPoint, ct);
        if (faultPoint is null)
        {
            await Task.WhenAny(agent.Exited, Task.Delay(usual * RandomNumberGenerator.GetInt32(1000) / 1000, ct));
            // The agent alone: what it has started, a control command for one, goes on as it would.
            agent.Signal(UnixSignal.Kill);
        }
        return await agent.Exited.WaitAsync(ct) == Killed;
    }

    private async Task RecoverAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var problem in await provider.RecoverAsync(ct)) findings.Note(problem);
        usual = Stopwatch.GetElapsedTime(started);
    }
}
