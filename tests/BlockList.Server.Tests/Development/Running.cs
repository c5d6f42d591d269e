using System.Globalization;
using Xunit;

namespace BlockList.Server.Tests.Development;

/// <summary>Looks at /proc for what still runs. A dead process that nobody has reaped yet no longer runs.</summary>
internal static class Running
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The processes that have <paramref name="path"/> in their command line or as working directory, or that are it.</summary>
    public static IReadOnlyList<string> Find(string path) =>
        [.. Directory.GetDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out _))
            .Where(process => !IsDead(process))
            .Select(process => (process, text: Read(process, "cmdline").Replace('\0', ' ')))
            .Where(found => found.process == path || found.text.Contains(path, StringComparison.Ordinal) || WorksIn(found.process, path))
            .Select(found => $"{found.process}: {found.text}")];

    public static async Task NoneAsync(string path, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        while (Find(path) is { Count: > 0 } running)
        {
            Assert.False(limit.IsCancellationRequested, $"Still running after {Patience}: {string.Join("; ", running)}");
            await Task.Delay(PollInterval, ct);
        }
    }

    private static bool IsDead(string process) =>
        Read(process, "status").Split('\n').Any(line => line.StartsWith("State:", StringComparison.Ordinal) && line.Contains("Z (zombie)", StringComparison.Ordinal));

    private static bool WorksIn(string process, string path)
    {
        try
        {
            return new FileInfo($"{process}/cwd").LinkTarget?.StartsWith(path, StringComparison.Ordinal) == true;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText($"{process}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
