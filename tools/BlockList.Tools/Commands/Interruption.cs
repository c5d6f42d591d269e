using BlockList.Tools.Development;

namespace BlockList.Tools.Commands;

internal static class Interruption
{
    /// <summary>Returns on Ctrl-C (or SIGTERM); throws when one of the programs ends before.</summary>
    public static async Task WaitAsync(CancellationToken ct, params IEnumerable<ManagedProcess?> programs)
    {
        var running = programs.OfType<ManagedProcess>().ToList();
        var interrupted = Task.Delay(Timeout.Infinite, ct);
        var ended = await Task.WhenAny([interrupted, .. running.Select(program => program.Exited)]);
        if (ended != interrupted)
            throw running.First(program => program.Exited == ended).Failure("ended by itself");
    }
}
