using BlockList.Agent.Configuration;
using BlockList.Agent.Reporting;
using BlockList.Agent.State;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Metrics;

/// <summary>Gives the figures to whatever the configuration names: a file for a node exporter's textfile collector, an
/// OpenTelemetry collector, both or none.</summary>
internal sealed class TellMetrics(AgentConfiguration configuration, TimeProvider time, AgentOutput output)
{
    /// <summary>Never fails a run: what is in force matters more than its figures.</summary>
    public async Task RunAsync(ExitCode lastRun)
    {
        if (configuration is { MetricsFile: null, Collector: null }) return;
        try
        {
            var now = time.GetUtcNow();
            var lists = configuration.Lists.Select(l => ListStatus.Read(l, new ListState(configuration.StateDirectory, l.Id), now)).ToArray();
            var metrics = AgentMetrics.Of(lists, ClientIdentity.EndOf(configuration.Server), lastRun, now);
            // A half-written file would be an alarm at every provider at once: it is whole at every moment.
            if (configuration.MetricsFile is { } path) DurableFile.Write(path, MetricsText.Of(metrics), DurableFile.Shared);
            if (configuration.Collector is { } collector && !OtlpMetrics.Send(collector, metrics))
                await output.WarnAsync($"the metrics were not taken by the collector at {collector.Authority} within {OtlpMetrics.Patience.TotalSeconds} seconds. Check that it runs there and takes OTLP over HTTP.");
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.WarnAsync($"the metrics were not written to {configuration.MetricsFile}: {failure.Message}");
        }
    }
}
