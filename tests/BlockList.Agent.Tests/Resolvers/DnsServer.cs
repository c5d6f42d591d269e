using System.Diagnostics;
using System.Net;
using System.Text;
using BlockList.Agent.Dns;
using BlockList.Tools.Development;
using Xunit.Sdk;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>A real name server's process on a loopback port, with a directory of its own. It ends with the tests.</summary>
internal abstract class DnsServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly StringBuilder said = new();
    private Process? process;

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, 0);

    /// <summary>What the server wrote to its log.</summary>
    public string Log
    {
        get { lock (said) return said.ToString(); }
    }

    protected string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("dns-").FullName;

    /// <summary>The program and its arguments; the configuration is written for <see cref="Address"/> first.</summary>
    protected abstract IReadOnlyList<string> Prepare();

    public async Task StartAsync()
    {
        // Another process may take the port between its choice and the server's start; then another port is tried.
        for (var attempt = 0; ; attempt++)
        {
            if (Address.Port == 0 || attempt > 0) Address.Port = FreePort.Pick(alsoUdp: true).Port;
            process = Fixtures.LastingProcess.Start(Prepare(), streams: true);
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.OutputDataReceived += (_, line) => Keep(line.Data);
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            if (await AnswersAsync()) return;
            Assert.True(attempt < 3, $"the server did not start: {Log}");
            await StopAsync();
        }
    }

    public async Task StopAsync()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public Task<DnsAnswer> AskAsync(string name, DnsType type = DnsType.A) =>
        DnsProbe.QueryAsync(Address, name, type, Patience, TestContext.Current.CancellationToken);

    /// <summary>It answers with data that no policy made.</summary>
    public async Task<bool> ResolvesAsync(string name) => await AskAsync(name) is { RCode: DnsAnswer.NoError, Addresses: [{ } address] } && address.Equals(IPAddress.Parse("192.0.2.1"));

    public async Task<bool> DeniesAsync(string name) => await AskAsync(name) is { RCode: DnsAnswer.NameError };

    /// <summary>Asks for names that must be blocked until it is stopped.</summary>
    /// <returns>How many answers there were.</returns>
    public async Task<int> WatchAsync(string[] names, CancellationToken ct)
    {
        var answers = 0;
        while (!ct.IsCancellationRequested)
        {
            foreach (var name in names)
            {
                var answer = await AskAsync(name);
                Assert.True(answer.RCode == DnsAnswer.NameError, $"{name} was free after {answers} answers");
                answers++;
            }
        }
        return answers;
    }

    /// <summary>Waits until the log has a text, from now or before.</summary>
    public Task LogsAsync(string text) => UntilAsync(() => Task.FromResult(Log.Contains(text, StringComparison.Ordinal)));

    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Patience * 2, $"waited in vain; the server's log:\n{Log}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until what is claimed holds: BIND goes by a zone a moment after it has loaded it, name after name.</summary>
    public static async Task UntilItHoldsAsync(Func<Task> claims)
    {
        Exception? last = null;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience * 2; await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            try
            {
                await claims();
                return;
            }
            catch (XunitException problem)
            {
                last = problem;
            }
        }
        throw last!;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    protected string Write(string file, string text)
    {
        var path = Path.Combine(Directory, file);
        File.WriteAllText(path, text);
        return path;
    }

    private void Keep(string? line)
    {
        lock (said) said.AppendLine(line);
    }

    private async Task<bool> AnswersAsync()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartTime && !process!.HasExited)
        {
            try
            {
                await DnsProbe.QueryAsync(Address, "127.in-addr.arpa", DnsType.Soa, TimeSpan.FromMilliseconds(500), default);
                return true;
            }
            catch (DnsProbeException)
            {
                await Task.Delay(10);
            }
        }
        return false;
    }
}
