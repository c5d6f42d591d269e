using System.Diagnostics.Metrics;
using BlockList.Agent.Applying;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace BlockList.Agent.Metrics;

/// <summary>Metrics to an OpenTelemetry collector, by OTLP over HTTP (protobuf). Headers and certificates are taken from the
/// environment variables that OpenTelemetry names (<c>OTEL_EXPORTER_OTLP_HEADERS</c> and its like).</summary>
internal static class OtlpMetrics
{
    private const string MeterName = "blocklist-agent";

    /// <summary>A collector stands near by.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Sends each value once.</summary>
    /// <param name="collector">Without the path <c>v1/metrics</c>, which is added.</param>
    /// <param name="metrics">What to send.</param>
    /// <returns>Whether it was taken.</returns>
    public static bool Send(Uri collector, IReadOnlyList<Metric> metrics)
    {
        using var meter = new Meter(MeterName, ReceiptText.AgentVersion);
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(MeterName)
            .ConfigureResource(resource => resource.AddService(MeterName, serviceVersion: ReceiptText.AgentVersion))
            // Unlike a periodic reader, this one says whether what it sent was taken.
            .AddReader(new BaseExportingMetricReader(new OtlpMetricExporter(new OtlpExporterOptions
            {
                Endpoint = new Uri(collector, "v1/metrics"),
                Protocol = OtlpExportProtocol.HttpProtobuf,
                TimeoutMilliseconds = (int)Patience.TotalMilliseconds,
            })))
            .Build();
        foreach (var metric in metrics)
            meter.CreateObservableGauge(metric.Name, () => metric.Samples.Select(Measured), description: metric.Help);
        // The end of it collects and sends, once.
        return provider.Shutdown((int)Patience.TotalMilliseconds);
    }

    private static Measurement<double> Measured(Sample sample) =>
        sample.Label is var (name, value) ? new(sample.Value, new KeyValuePair<string, object?>(name, value)) : new(sample.Value);
}
