namespace BlockList.Agent.Tests.Fixtures;

/// <summary>What a test needs from the machine or the build. Where it is missing the test says so and is skipped; in CI it fails,
/// since a skipped proof is none.</summary>
internal static class Prerequisite
{
    public static void Command(string name)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(d => File.Exists(Path.Combine(d, name)));
        Require(found, $"\"{name}\" is not installed");
    }

    /// <summary>A system in a directory takes root to make and to enter.</summary>
    public static void Root() => Require(Environment.IsPrivilegedProcess, "this test runs as root only");

    /// <summary>Fault points exist in development builds only.</summary>
    public static void DevelopmentBuild()
    {
#if BLOCKLIST_DEVELOPMENT
        const bool development = true;
#else
        const bool development = false;
#endif
        Require(development, "this is not a development build; build with -p:BlockListDevelopment=true");
    }

    /// <summary>Mounting takes root, and a machine that lets root mount; a container often does not, and CI may be one.</summary>
    public static void Mount(bool mounted, string said) => Assert.SkipUnless(mounted, $"a small disk cannot be mounted here: {said}");

    /// <summary>A system that boots in namespaces of its own takes control groups and mounts that a container may refuse.</summary>
    public static void Boot(bool booting, string said) => Require(booting, $"no system can be booted here: {said}");

    private static void Require(bool met, string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.True(met, reason);
        else Assert.SkipUnless(met, reason);
    }
}
