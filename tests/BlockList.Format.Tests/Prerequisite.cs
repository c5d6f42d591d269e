using Xunit;

namespace BlockList.Format.Tests;

/// <summary>A program of the system that a test compares with: its absence skips the test locally and fails it where CI=true.</summary>
internal static class Prerequisite
{
    internal static string Program(string name, string package)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is not null)
            return path;
        Missing($"The program {name} is missing; install the package {package}.");
        return "";
    }

    internal static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
