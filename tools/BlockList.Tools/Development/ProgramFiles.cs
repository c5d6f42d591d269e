using System.Runtime.InteropServices;

namespace BlockList.Tools.Development;

/// <summary>
/// Programs where the unprivileged user can read them. A build in a checkout that only root can enter, or a .NET that
/// was installed in root's home, is copied into the state directory.
/// </summary>
internal static class ProgramFiles
{
    /// <summary>The directory itself, or a fresh copy of it.</summary>
    public static async Task<string> ReachableAsync(StateDirectory state, string name, string directory, CancellationToken ct = default)
    {
        if (state.User.CanReach(directory))
            return directory;

        var copy = Path.Combine(state.Directory("programs"), name);
        if (Directory.Exists(copy))
            Directory.Delete(copy, recursive: true);
        // Links are followed and modes made plain: the copy must not lead back to where the user cannot go.
        (await Subprocess.RunAsync(["/bin/cp", "--recursive", "--dereference", "--no-preserve=ownership", directory, copy], ct: ct)).Require();
        (await Subprocess.RunAsync(["/bin/chmod", "--recursive", "go=rX", copy], ct: ct)).Require();
        return copy;
    }

    /// <summary>The <c>dotnet</c> that runs these tools, for the unprivileged user.</summary>
    public static Task<string> DotnetAsync(StateDirectory state, CancellationToken ct = default) =>
        DotnetAsync(state, Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")), ct);

    public static async Task<string> DotnetAsync(StateDirectory state, string installation, CancellationToken ct)
    {
        if (state.User.CanReach(Path.Combine(installation, "shared")) && state.User.CanReach(Path.Combine(installation, "dotnet")))
            return Path.Combine(installation, "dotnet");

        // Without the SDK, which is most of it.
        var copy = state.Directory("programs", "dotnet");
        foreach (var part in (string[])["dotnet", "host", "shared"])
            (await Subprocess.RunAsync(["/bin/cp", "--recursive", "--dereference", "--update", "--no-preserve=ownership", Path.Combine(installation, part), copy], ct: ct)).Require();
        (await Subprocess.RunAsync(["/bin/chmod", "--recursive", "go=rX", copy], ct: ct)).Require();
        return Path.Combine(copy, "dotnet");
    }
}
