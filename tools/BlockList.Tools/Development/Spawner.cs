using System.Collections.Concurrent;
using System.Diagnostics;

namespace BlockList.Tools.Development;

/// <summary>
/// Starts every process from one thread that lives as long as this process. A child's parent-death signal
/// (PR_SET_PDEATHSIG) fires when the <em>thread</em> that forked it ends, so a child started from a pool thread
/// would be killed whenever the pool shrinks.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Requests = StartThread();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} gave no process."));
            }
            catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var requests = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var request in requests.GetConsumingEnumerable())
                request();
        })
        { IsBackground = true, Name = "spawner" };
        thread.Start();
        return requests;
    }
}
