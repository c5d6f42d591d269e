using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Commands;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>A publisher in a process of its own, under GNU time and with the runtime's settings of the role itself.</summary>
internal sealed class MeasuredPublisher : IDisposable
{
    private readonly Process process;
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);

    private MeasuredPublisher(Process process) => this.process = process;

    public IReadOnlyDictionary<string, double> Seconds => seconds;

    public static async Task<MeasuredPublisher> StartAsync(string configuration, string list)
    {
        var start = new ProcessStartInfo("/usr/bin/time", ["--format=peak %M", Environment.ProcessPath!, "exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "blocklist.runtimeconfig.json"), typeof(MeasuredPublisher).Assembly.Location, PublishWorkCommand.Name, configuration, list])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new MeasuredPublisher(await Spawner.StartAsync(start));
    }

    /// <summary>Waits until a run has ended and takes its figures.</summary>
    public async Task WaitForAsync(string run, CancellationToken cancellationToken)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "done " + run) return;
            if (line.StartsWith('#')) Console.Error.WriteLine(line);
            else if (line.Split('\t') is [var name, var value]) seconds[name] = double.Parse(value, CultureInfo.InvariantCulture);
        }
        throw new InvalidOperationException($"The publisher ended before its {run}: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
    }

    public void GoOn()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
    }

    /// <returns>The most memory it held at once, in megabytes.</returns>
    public async Task<double> EndAsync(CancellationToken cancellationToken)
    {
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return double.Parse(errors.Split('\n').Last(line => line.StartsWith("peak ", StringComparison.Ordinal))["peak ".Length..], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
