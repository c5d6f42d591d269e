using BlockList.Tools.Conformance.Serving;
using BlockList.Tools.Development;

namespace BlockList.Tools.Conformance.Running;

/// <summary>Takes an agent through the steps of one case. What goes otherwise than it must is collected; a step that failed
/// does not keep the next ones from showing what it led to.</summary>
internal sealed class RunCase(Lane lane, AgentCommand agent, TimeProvider clock)
{
    private const int Done = 0;

    /// <param name="one">The case.</param>
    /// <param name="afterStep">Looks at the vector after a step that had to end well, and says what is wrong with it, or null.</param>
    /// <param name="ct">Ends the run.</param>
    public async Task<CaseResult> RunAsync(ConformanceCase one, Func<Provider, Vector, Task<string?>> afterStep, CancellationToken ct)
    {
        var vector = new Vector(clock);
        var provider = await lane.BeginAsync(vector, agent, ct);
        var differences = new List<string>();
        foreach (var (index, step) in one.Steps.Index())
        {
            step.Arrange(vector);
            if (step.Wait > TimeSpan.Zero) await Task.Delay(step.Wait, clock, ct);
            if (index == 0 && await EnrolAsync(provider, step, ct) is { } failure)
            {
                differences.Add(failure);
                break;
            }
            if (!step.Enrols && Unlike(step.Exit, await provider.ApplyAsync(ct, step.Accepts)) is { } end) differences.Add($"step {index + 1} {end}");
            differences.AddRange((await InForce.DifferencesAsync(lane.Resolver, step.InForce, one.Steps.Select(s => s.InForce), ct)).Take(3).Select(d => $"step {index + 1} {d}"));
            if (!step.Enrols && step.Exit.Contains(Done) && await afterStep(provider, vector) is { } second) differences.Add($"step {index + 1} {second}");
        }
        return new CaseResult(one, differences);
    }

    private static async Task<string?> EnrolAsync(Provider provider, CaseStep step, CancellationToken ct) =>
        Unlike(step.Enrols ? step.Exit : [Done], await provider.EnrolAsync(ct)) is { } unlike ? $"enrolment {unlike}" : null;

    private static string? Unlike(IReadOnlyList<int> exit, SubprocessResult? run) =>
        run is null ? "did not end"
        : exit.Contains(run.ExitCode) ? null
        : $"ended with {run.ExitCode} where {string.Join(" or ", exit)} is due ({(run.Errors + run.Output).Trim().ReplaceLineEndings(" / ")})";
}
