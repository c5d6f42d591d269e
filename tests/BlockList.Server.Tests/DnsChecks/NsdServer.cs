using System.Diagnostics;
using System.Net;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>A real NSD at port 53 of one address.</summary>
internal sealed class NsdServer : IAsyncDisposable
{
    private readonly string directory;
    private readonly Process process;

    private NsdServer(string directory, Process process) => (this.directory, this.process) = (directory, process);

    /// <param name="directory">Exists and is empty.</param>
    /// <param name="address">Of the loopback network.</param>
    /// <param name="zones">By their names; texts of zone files.</param>
    /// <remarks>
    /// Without NSD's own limit of answers a second: beyond 200 it sends empty, truncated ones, and of the TCP connections that
    /// then come at once it resets some. The tests ask faster than that, and are about the resolver.
    /// </remarks>
    public static async Task<NsdServer> StartAsync(string directory, IPAddress address, params (string Name, string Text)[] zones)
    {
        foreach (var (name, text) in zones) await File.WriteAllTextAsync(FileOf(directory, name), text);
        await File.WriteAllTextAsync(Path.Combine(directory, "nsd.conf"), $"""
            server:
              ip-address: {address}@53
              server-count: 1
              username: ""
              chroot: ""
              database: ""
              zonesdir: "{directory}"
              pidfile: "{directory}/pid"
              zonelistfile: "{directory}/zone.list"
              xfrdfile: "{directory}/xfrd.state"
              xfrdir: "{directory}"
              verbosity: 1
              rrl-ratelimit: 0
            remote-control:
              control-enable: no
            {string.Concat(zones.Select(zone => $"zone:\n  name: \"{zone.Name}\"\n  zonefile: \"{FileOf(directory, zone.Name)}\"\n"))}
            """);
        var start = new ProcessStartInfo("/usr/bin/setpriv", ["--pdeathsig", "KILL", "/usr/sbin/nsd", "-d", "-c", Path.Combine(directory, "nsd.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = await Spawner.StartAsync(start);
        var said = new List<string>();
        var ready = new TaskCompletionSource();
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return new NsdServer(directory, process);

        void Hear(string? line)
        {
            lock (said) said.Add(line ?? "(end)");
            if (line is null) ready.TrySetException(new InvalidOperationException($"nsd did not start: {string.Join("\n", said)}"));
            else if (line.Contains("nsd started", StringComparison.Ordinal)) ready.TrySetResult();
        }
    }

    /// <summary>The server reads the zone's file again; it serves the new one a moment later.</summary>
    public async Task ReplaceAsync(string zone, string text)
    {
        await File.WriteAllTextAsync(FileOf(directory, zone), text);
        Assert.Equal(0, Libc.Kill(process.Id, (int)UnixSignal.Hangup));
    }

    public async ValueTask DisposeAsync()
    {
        // It tells its children to end.
        _ = Libc.Kill(process.Id, (int)UnixSignal.Terminate);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static string FileOf(string directory, string zone) => Path.Combine(directory, $"{(zone == "." ? "root" : zone)}.zone");
}
