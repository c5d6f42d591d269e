using BlockList.Agent.Configuration;
using BlockList.Agent.Reporting;
using BlockList.Agent.State;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Metrics;

/// <summary>What a node exporter's textfile collector reads. It is whole at every moment: a half-written one would be an
/// alarm at every provider at once.</summary>
internal sealed class MetricsFile(string path, AgentConfiguration configuration, TimeProvider time, AgentOutput output)
{
    /// <summary>Never fails a run: what is in force matters more than its figures.</summary>
    public async Task WriteAsync(ExitCode lastRun)
    {
        try
        {
            var now = time.GetUtcNow();
            var lists = configuration.Lists.Select(l => ListStatus.Read(l, new ListState(configuration.StateDirectory, l.Id), now)).ToArray();
            DurableFile.Write(path, MetricsText.Of(lists, ClientIdentity.EndOf(configuration.Server), lastRun, now), DurableFile.Shared);
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.WarnAsync($"the metrics were not written to {path}: {failure.Message}");
        }
    }
}
