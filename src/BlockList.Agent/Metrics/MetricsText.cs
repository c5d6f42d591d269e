using System.Globalization;
using System.Text;

namespace BlockList.Agent.Metrics;

/// <summary>Metrics in Prometheus' text format.</summary>
internal static class MetricsText
{
    public static byte[] Of(IReadOnlyList<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Help}\n# TYPE {metric.Name} gauge\n");
            foreach (var (label, value) in metric.Samples)
                text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{(label is var (name, of) ? $"{{{name}=\"{of}\"}}" : "")} {value}\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
