using System.Buffers.Binary;
using BlockList.Agent.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace BlockList.Agent.Tests.Metrics;

/// <summary>Takes what is sent to an OpenTelemetry collector, and has <c>protoc</c>, which knows nothing of this agent, take it
/// apart. Fields by their numbers in opentelemetry/proto/metrics/v1/metrics.proto.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const string ResourceMetrics = "1", ScopeMetrics = "2", MetricField = "2", NameField = "1", Gauge = "5", DataPoint = "1", Attribute = "7", AsDouble = "4", AttributeValue = "2", StringValue = "1";

    private readonly WebApplication application;
    private readonly TaskCompletionSource<byte[]> received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Collector(WebApplication application) => this.application = application;

    public string Address => application.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector.application.MapPost("/v1/metrics", collector.TakeAsync);
        await collector.application.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>The values by name and, where there is one, the value of the label.</summary>
    public async Task<Dictionary<string, double>> ValuesAsync()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, await received.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            var lines = (await OtherProgram.RequireAsync("sh", "-c", $"protoc --decode_raw <'{file}'")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var (message, _) = Field.Read(lines, 0);
            return Values(message).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        received.TrySetResult(body.ToArray());
    }

    private static IEnumerable<(string Name, double Value)> Values(IReadOnlyList<Field> message)
    {
        var metrics = Each(Below(Below(message, ResourceMetrics), ScopeMetrics), MetricField);
        foreach (var metric in metrics)
        {
            foreach (var point in Each(Below(metric.Fields, Gauge), DataPoint))
            {
                var label = Each(Below(Below(point.Fields, Attribute), AttributeValue), StringValue).Select(f => " " + f.Text).FirstOrDefault("");
                var bits = Convert.FromHexString(point.Fields.Single(f => f.Number == AsDouble).Text.AsSpan(2));
                yield return (metric.Fields.Single(f => f.Number == NameField).Text + label, BinaryPrimitives.ReadDoubleBigEndian(bits));
            }
        }
    }

    private static IEnumerable<Field> Each(IEnumerable<Field> fields, string number) => fields.Where(f => f.Number == number);

    private static IEnumerable<Field> Below(IEnumerable<Field> fields, string number) => Each(fields, number).SelectMany(f => f.Fields);

    private sealed record Field(string Number, string Text, IReadOnlyList<Field> Fields)
    {
        public static (IReadOnlyList<Field> Fields, int Next) Read(string[] lines, int next)
        {
            var fields = new List<Field>();
            while (next < lines.Length && lines[next].Trim() is var line && line != "}")
            {
                next++;
                if (!line.EndsWith(" {", StringComparison.Ordinal))
                {
                    var colon = line.IndexOf(": ", StringComparison.Ordinal);
                    fields.Add(new Field(line[..colon], line[(colon + 2)..].Trim('"'), []));
                    continue;
                }
                (var below, next) = Read(lines, next);
                fields.Add(new Field(line[..^2], "", below));
                next++;
            }
            return (fields, next);
        }
    }
}
