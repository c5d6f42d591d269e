namespace BlockList.Agent.Tests.Fixtures;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(string directory) => System.IO.File.Exists(Path.Combine(directory, "BlockList.sln"))
        ? directory
        : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("the tests do not run from a checkout"));
}
