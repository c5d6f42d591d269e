using System.Globalization;
using BlockList.Format;
using BlockList.Tools.Development;

namespace BlockList.Tools.Conformance.Running;

/// <summary>The agent under test: the command that its arguments are added to.</summary>
internal sealed record AgentCommand(IReadOnlyList<string> CommandLine)
{
    /// <summary>No case takes an agent longer that keeps its own limits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The same agent by a clock that is some days off.</summary>
    public AgentCommand ByClock(int days) => new(["/usr/bin/faketime", "-f", string.Create(CultureInfo.InvariantCulture, $"{days:+0;-0;+0}d"), .. CommandLine]);

    /// <summary>Starts it and leaves it to the caller, who may kill it. A development build dies at the fault point by itself.</summary>
    public Task<ManagedProcess> StartAsync(StateDirectory state, IReadOnlyList<string> arguments, string? faultPoint, CancellationToken ct) =>
        ManagedProcess.StartAsync(state, new ProgramStart("agent", [.. CommandLine, .. arguments])
        {
            Environment = faultPoint is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [FaultPoint.Variable] = faultPoint },
        }, ct);

    /// <summary>Runs it as the unprivileged user; it dies with the runner.</summary>
    /// <returns>Its end, or null where it had to be ended.</returns>
    public async Task<SubprocessResult?> RunAsync(StateDirectory state, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await Subprocess.RunAsync(state.User.Wrap([.. CommandLine, .. arguments]), state.Root, ct: limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
