using System.ComponentModel;
using System.Diagnostics;

namespace BlockList.Agent;

/// <summary>A program that was started, and all that it has started since.</summary>
internal static class ProcessTree
{
    /// <summary>Ends what can be ended. What runs as another user (through sudo, say) cannot be; whoever waited has given up on it all the same,
    /// and says so.</summary>
    public static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception problem) when (problem is AggregateException or Win32Exception or InvalidOperationException)
        {
            // Some or all of it goes on.
        }
    }
}
