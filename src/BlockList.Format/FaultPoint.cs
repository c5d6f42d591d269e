using System.Diagnostics;

namespace BlockList.Format;

/// <summary>
/// A place between two steps at which a development build can be told to die as by <c>kill -9</c>: set
/// <c>BLOCKLIST_FAULT_POINT</c> to its name. Calls vanish from every other build, because the caller is compiled without
/// the symbol.
/// </summary>
public static class FaultPoint
{
    /// <summary>The environment variable that names the point to die at.</summary>
    public const string Variable = "BLOCKLIST_FAULT_POINT";

    /// <summary>For tests in one process: what happens at every point that this flow of control reaches, beside dying.</summary>
    internal static AsyncLocal<Action<string>?> Watcher { get; } = new();

    [Conditional("BLOCKLIST_DEVELOPMENT")]
    public static void Reach(string name)
    {
        Watcher.Value?.Invoke(name);
        if (Environment.GetEnvironmentVariable(Variable) != name) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // SIGKILL is delivered before the call returns to user code in practice; nothing after the point may run.
        Thread.Sleep(Timeout.Infinite);
    }
}
