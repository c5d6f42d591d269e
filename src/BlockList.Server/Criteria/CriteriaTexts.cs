using System.Text;
using BlockList.Format;

namespace BlockList.Server.Criteria;

/// <summary>The criteria texts that this version ships with. An assessment names the hash of one; the register accepts it.</summary>
internal static class CriteriaTexts
{
    public const string WorstOf1 = "worst-of.1";

    /// <summary>Ids of the criteria of <see cref="WorstOf1"/> that a curator decides.</summary>
    public static readonly string[] DecidedByCurator = ["c1", "c2", "c3"];

    /// <summary>Texts by their SHA-256.</summary>
    public static IReadOnlyDictionary<string, string> BuiltIn { get; } =
        new[] { WorstOf1 }.Select(Read).ToDictionary(text => Hashes.Sha256(Encoding.UTF8.GetBytes(text)), StringComparer.Ordinal);

    public static string Read(string name)
    {
        using var stream = typeof(CriteriaTexts).Assembly.GetManifestResourceStream($"BlockList.Server.Criteria.Texts.{name}.txt")
            ?? throw new InvalidOperationException($"the criteria text {name} is not in this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
