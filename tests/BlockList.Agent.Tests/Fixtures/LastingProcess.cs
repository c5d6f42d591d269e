using System.Collections.Concurrent;
using System.Diagnostics;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>Starts programs that die with the tests (<c>setpriv --pdeathsig</c>). The kernel sends that signal when the thread that started them ends
/// (prctl(2)), and threads of the pool end when they are idle; so one thread starts them all and stays.</summary>
internal static class LastingProcess
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Wanted = [];

    static LastingProcess() => new Thread(StartAll) { IsBackground = true }.Start();

    /// <param name="command">The program and its arguments.</param>
    /// <param name="streams">Whether its output and errors are read.</param>
    /// <param name="environment">What is added to its environment.</param>
    public static Process Start(IEnumerable<string> command, bool streams, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", .. command]) { RedirectStandardError = streams, RedirectStandardOutput = streams };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var started = new TaskCompletionSource<Process>();
        Wanted.Add((start, started));
        return started.Task.GetAwaiter().GetResult();
    }

    private static void StartAll()
    {
        foreach (var (start, started) in Wanted.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or IOException)
            {
                started.SetException(problem);
            }
        }
    }
}
