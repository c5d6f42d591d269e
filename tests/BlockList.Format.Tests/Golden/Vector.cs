using System.Runtime.CompilerServices;

namespace BlockList.Format.Tests.Golden;

/// <summary>One line of <c>vectors/index.tsv</c>.</summary>
/// <param name="Files">Read in this order; the verdict is on all of them together.</param>
/// <param name="ReadAs">What a reader takes them for.</param>
/// <param name="Verdict"><c>accepted</c>, or <c>refused: </c> and how the reason begins.</param>
internal sealed record Vector(IReadOnlyList<string> Files, string ReadAs, string Verdict)
{
    internal static string Folder { get; } = SourceFolder();

    internal static Vector[] All { get; } =
    [
        .. File.ReadLines(Path.Combine(Folder, "index.tsv")).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'))
            .Select(cells => new Vector(cells[0].Split(' '), cells[1], cells[2])),
    ];

    internal static string PathOf(string file) => Path.Combine(Folder, file);

    internal static byte[] Read(string file) => File.ReadAllBytes(PathOf(file));

    /// <summary>The canonical bytes of a JSON file.</summary>
    internal static string CanonicalOf(string file) => Path.ChangeExtension(file, ".canonical");

    private static string SourceFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "vectors"));
}
