using Xunit;

namespace BlockList.Server.Tests.Failures;

/// <summary>What a test needs from the machine: missing, it fails in CI and skips with a reason elsewhere.</summary>
internal static class Prerequisite
{
    public static void Require(bool present, string? whatIsMissing)
    {
        if (present) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(whatIsMissing);
        Assert.Skip(whatIsMissing!);
    }
}
