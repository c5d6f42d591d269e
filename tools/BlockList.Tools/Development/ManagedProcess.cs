using System.Diagnostics;
using System.Text;

namespace BlockList.Tools.Development;

/// <summary>
/// A long-running program under <see cref="UnprivilegedUser"/>. Its output goes to <c>log/NAME.log</c> in the state
/// directory; it ends with its owner, whether by disposal or because the tools were killed.
/// </summary>
internal sealed class ManagedProcess : IAsyncDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly ProgramStart _start;
    private readonly OutputLog _log;

    private ManagedProcess(Process process, ProgramStart start, OutputLog log)
    {
        _process = process;
        _start = start;
        _log = log;
        ProcessId = process.Id;
        Exited = FollowAsync();
    }

    public string Name => _start.Name;

    public int ProcessId { get; }

    /// <summary>Completes with the exit code when the program has ended, for whatever reason. A signal N gives 128 + N.</summary>
    public Task<int> Exited { get; }

    public int? ExitCode => Exited.IsCompletedSuccessfully ? Exited.Result : null;

    private bool HasEnded => Exited.IsCompleted || _process.HasExited;

    public string LogFile => _log.FileName;

    public IReadOnlyList<string> LastLines => _log.LastLines;

    public static async Task<ManagedProcess> StartAsync(StateDirectory state, ProgramStart start, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var commandLine = state.User.Wrap(start.CommandLine, start.StopSignal);
        var info = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            WorkingDirectory = start.WorkingDirectory ?? state.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        info.Environment.Clear();
        foreach (var (name, value) in BareEnvironment(state).Concat(start.Environment))
            info.Environment[name] = value;

        var log = new OutputLog(Path.Combine(state.Directory("log"), $"{start.Name}.log"), start.Name);
        var process = await Spawner.StartAsync(info);
        process.StandardInput.Close();
        return new ManagedProcess(process, start, log);
    }

    /// <summary>Returns the first line, written already or still to come, that fits.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> fits, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        try
        {
            return await _log.FindAsync(fits).WaitAsync(timeout ?? DefaultTimeout, ct);
        }
        catch (TimeoutException)
        {
            throw Failure($"did not write the line awaited within {timeout ?? DefaultTimeout}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Failure($"ended with exit code {await Exited} before it was ready");
        }
    }

    /// <summary>Asks <paramref name="isReady"/> again and again until it says yes; the program's end or the timeout ends the wait.</summary>
    public async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> isReady, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout ?? DefaultTimeout);
        try
        {
            while (!await isReady(limit.Token))
            {
                if (Exited.IsCompleted)
                    throw Failure($"ended with exit code {await Exited} before it was ready");
                await Task.WhenAny(Exited, Task.Delay(PollInterval, limit.Token));
                limit.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Failure($"was not ready within {timeout ?? DefaultTimeout}");
        }
    }

    /// <summary>Asks the program to end, and makes it end when it takes longer than its grace. Returns its exit code.</summary>
    public async Task<int> StopAsync(UnixSignal? signal = null)
    {
        Signal(signal ?? _start.StopSignal);
        await Task.WhenAny(Exited, Task.Delay(_start.StopGrace));
        Kill();
        return await Exited;
    }

    public void Signal(UnixSignal signal)
    {
        if (!HasEnded)
            _ = Libc.Kill(ProcessId, (int)signal);
    }

    /// <summary>SIGKILL to the program and to what it started in its own process group.</summary>
    public void Kill()
    {
        if (HasEnded)
            return;
        _ = Libc.Kill(-ProcessId, (int)UnixSignal.Kill);
        _ = Libc.Kill(ProcessId, (int)UnixSignal.Kill);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private static Dictionary<string, string> BareEnvironment(StateDirectory state) => new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LANG"] = "C.UTF-8",
        ["TZ"] = "UTC",
        ["HOME"] = state.Root,
        // The runtime's diagnostic sockets of killed processes stay in the state directory, not in /tmp.
        ["TMPDIR"] = state.Directory("tmp"),
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
    };

    private async Task<int> FollowAsync()
    {
        var output = Task.WhenAll(_log.FollowAsync(_process.StandardOutput), _log.FollowAsync(_process.StandardError));
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipes open for long after the program itself has ended.
        await Task.WhenAny(output, Task.Delay(DrainTime));
        _log.Dispose();
        return _process.ExitCode;
    }

    public ProcessFailedException Failure(string whatHappened) =>
        new($"{Name} {whatHappened}. Its log is {LogFile}; its last lines are:{Environment.NewLine}{string.Join(Environment.NewLine, LastLines)}");
}
