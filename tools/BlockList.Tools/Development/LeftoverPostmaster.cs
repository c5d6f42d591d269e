using System.Globalization;

namespace BlockList.Tools.Development;

/// <summary>
/// After a kill -9 of the tools their cluster is still shutting down, and after a kill -9 of the postmaster its
/// backends may still be leaving. The lock on the state directory shows that nobody else can own them.
/// </summary>
internal static class LeftoverPostmaster
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Every process of a cluster has the data directory as its working directory, which tells it from a stranger that was given an old process id.</summary>
    public static async Task EndAsync(string data, CancellationToken ct)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (Members(data) is { Count: > 0 } members)
        {
            if (TimeProvider.System.GetUtcNow() > deadline)
                members.ForEach(member => _ = Libc.Kill(member, (int)UnixSignal.Kill));
            else if (PostmasterOf(data) is { } postmaster && members.Contains(postmaster))
                _ = Libc.Kill(postmaster, (int)UnixSignal.Interrupt);
            await Task.Delay(PollInterval, ct);
        }
    }

    private static List<int> Members(string data) =>
        [.. Directory.GetDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process != 0 && WorkingDirectory(process) == data)];

    private static string? WorkingDirectory(int process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/cwd").LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int? PostmasterOf(string data)
    {
        try
        {
            return int.Parse(File.ReadLines(Path.Combine(data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        }
        catch (Exception none) when (none is IOException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
