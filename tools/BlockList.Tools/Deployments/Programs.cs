using BlockList.Tools.Development;

namespace BlockList.Tools.Deployments;

/// <summary>The built programs, copied to where the unprivileged user can read them: a checkout may lie in a folder that
/// belongs to its owner alone.</summary>
internal sealed class Programs
{
    private readonly string dotnet;
    private readonly string folder;

    private Programs(string dotnet, string folder)
    {
        this.dotnet = dotnet;
        this.folder = folder;
    }

    public static async Task<Programs> StageAsync(StateDirectory state)
    {
        var folder = state.Directory("bin");
        foreach (var source in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(AppContext.BaseDirectory, source);
            // Symbols and documentation are not needed to run.
            if (relative.EndsWith(".pdb", StringComparison.Ordinal) || relative.EndsWith(".xml", StringComparison.Ordinal)) continue;
            var target = Path.Combine(folder, relative);
            if (Path.GetDirectoryName(relative) is { Length: > 0 } below) state.Directory(["bin", .. below.Split(Path.DirectorySeparatorChar)]);
            if (File.Exists(target) && File.GetLastWriteTimeUtc(target) == File.GetLastWriteTimeUtc(source) && new FileInfo(target).Length == new FileInfo(source).Length) continue;
            File.Copy(source, target, overwrite: true);
            File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(source));
            state.User.Own(target);
        }
        return new Programs(await DotnetProgram.FindAsync(state), folder);
    }

    /// <summary>The command line of <c>blocklist</c>.</summary>
    public IReadOnlyList<string> Server(params IEnumerable<string> arguments) => [dotnet, Path.Combine(folder, "blocklist.dll"), .. arguments];

    /// <summary>The command line of <c>blocklist-agent</c>.</summary>
    public IReadOnlyList<string> Agent(params IEnumerable<string> arguments) => [dotnet, Path.Combine(folder, "blocklist-agent.dll"), .. arguments];
}
