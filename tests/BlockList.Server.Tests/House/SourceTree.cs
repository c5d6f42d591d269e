using System.Runtime.CompilerServices;

namespace BlockList.Server.Tests.House;

/// <summary>Where the sources are that these tests were compiled from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
