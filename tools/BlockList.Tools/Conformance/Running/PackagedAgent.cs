using BlockList.Agent;
using BlockList.Tools.Development;

namespace BlockList.Tools.Conformance.Running;

/// <summary>The agent as providers get it: out of the package of this checkout, trimmed and compiled ahead.</summary>
internal static class PackagedAgent
{
    /// <summary>Unpacks the package, which is made first where there is none of what was built last.</summary>
    /// <param name="state">Where to; its user can run the program.</param>
    /// <param name="checkout">Whose package.</param>
    /// <param name="ct">Ends the packaging.</param>
    public static async Task<AgentCommand> UnpackAsync(StateDirectory state, string checkout, CancellationToken ct)
    {
        var package = Newest(checkout);
        if (package is null || package.LastWriteTimeUtc < File.GetLastWriteTimeUtc(typeof(ExitCode).Assembly.Location))
            package = new FileInfo((await Subprocess.RunAsync([Path.Combine(checkout, "tools", "package")], ct: ct)).Require().Output.Trim().Split('\n')[^1]);
        var directory = state.Directory("packaged");
        (await Subprocess.RunAsync(["/bin/tar", "-xzf", package.FullName, "-C", directory, "./usr/bin/blocklist-agent"], ct: ct)).Require();
        return new AgentCommand([Path.Combine(directory, "usr", "bin", "blocklist-agent")]);
    }

    private static FileInfo? Newest(string checkout)
    {
        var directory = new DirectoryInfo(Path.Combine(checkout, ".local", "package"));
        return directory.Exists ? directory.EnumerateFiles("blocklist-agent-*.tar.gz").MaxBy(f => f.LastWriteTimeUtc) : null;
    }
}
