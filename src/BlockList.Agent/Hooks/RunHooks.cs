namespace BlockList.Agent.Hooks;

/// <summary>
/// Runs the programs of the hooks directory after a change, one after the other by name, as run-parts(8) would. What they
/// do is the provider's business: no failure of theirs changes what is in force or how the agent ends.
/// </summary>
internal sealed class RunHooks(string directory, AgentOutput output, TimeSpan? limit = null)
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    public async Task AfterAsync(IEnumerable<HookEvent> events, CancellationToken ct)
    {
        foreach (var what in events)
            await RunAsync(what, ct);
    }

    /// <returns>How many were run, and how many of these failed or were not fit to be run.</returns>
    public async Task<(int Run, int Failed)> RunAsync(HookEvent what, CancellationToken ct)
    {
        var (run, failed) = (0, 0);
        foreach (var hook in Found())
        {
            run++;
            if (await TryAsync(hook, what, ct) is not { } problem) continue;
            failed++;
            await output.WarnAsync($"hook {hook.Path} {problem}. What is in force is not touched by this. Mend the hook and try it with \"blocklist-agent hooks test\".");
        }
        return (run, failed);
    }

    private async Task<string?> TryAsync(Hook hook, HookEvent what, CancellationToken ct)
    {
        try
        {
            return hook.Unfit is { } unfit ? $"was not run: it {unfit}" : await hook.RunAsync(what, limit ?? Limit, ct);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"was not run: {problem.Message.TrimEnd('.')}";
        }
    }

    /// <summary>Names of letters, digits, hyphens and underscores only: what an editor or a package manager leaves beside
    /// a file (<c>.bak</c>, <c>~</c>, <c>.dpkg-old</c>) is not run.</summary>
    private IEnumerable<Hook> Found()
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory).Where(f => Path.GetFileName(f).All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                .Order(StringComparer.Ordinal).Select(f => new Hook(f))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
