using System.Runtime.InteropServices;

namespace BlockList.Tools.Development;

/// <summary>The .NET host where the unprivileged user can run it: one that was installed in root's home is copied into the state directory.</summary>
internal static class DotnetProgram
{
    /// <summary>The <c>dotnet</c> that runs these tools, by its full path: it need not lie in a bare PATH.</summary>
    public static Task<string> FindAsync(StateDirectory state, CancellationToken ct = default) =>
        FindAsync(state, Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")), ct);

    public static async Task<string> FindAsync(StateDirectory state, string installation, CancellationToken ct)
    {
        if (state.User.CanReach(Path.Combine(installation, "shared")) && state.User.CanReach(Path.Combine(installation, "dotnet")))
            return Path.Combine(installation, "dotnet");

        // Links are followed: the copy must not lead back to where the user cannot go. Without the SDK, which is most of it.
        var copy = state.Directory("programs", "dotnet");
        foreach (var part in (string[])["dotnet", "host", "shared"])
            (await Subprocess.RunAsync(["/bin/cp", "--recursive", "--dereference", "--update", "--no-preserve=ownership", Path.Combine(installation, part), copy], ct: ct)).Require();
        (await Subprocess.RunAsync(["/bin/chmod", "--recursive", "go=rX", copy], ct: ct)).Require();
        return Path.Combine(copy, "dotnet");
    }
}
