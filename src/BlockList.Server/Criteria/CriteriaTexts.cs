using System.Text;
using BlockList.Format;
using BlockList.Format.Statements;

namespace BlockList.Server.Criteria;

/// <summary>The criteria texts that this version ships with. An assessment names the hash of one; the register accepts it.</summary>
internal static class CriteriaTexts
{
    public const string WorstOf1 = "worst-of.1";
    public const string NoNational1 = "no-national.1";

    /// <summary>Ids of the criteria of each text that a curator decides; the others follow from sightings and assessments.</summary>
    private static readonly Dictionary<string, string[]> DecidedByCurator = new(StringComparer.Ordinal)
    {
        [WorstOf1] = ["c1", "c2", "c3"],
        [NoNational1] = ["n1", "n2", "n3"],
    };

    /// <summary>Texts by their SHA-256.</summary>
    public static IReadOnlyDictionary<string, string> BuiltIn { get; } = DecidedByCurator.Keys.Select(Read).ToDictionary(Hash, StringComparer.Ordinal);

    /// <summary>A text as a register accepts it.</summary>
    public static AcceptedCriteria Accept(string name, int version) => new(version, Hash(Read(name)), DecidedByCurator[name]);

    public static string Read(string name)
    {
        using var stream = typeof(CriteriaTexts).Assembly.GetManifestResourceStream($"BlockList.Server.Criteria.Texts.{name}.txt")
            ?? throw new InvalidOperationException($"the criteria text {name} is not in this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Hash(string text) => Hashes.Sha256(Encoding.UTF8.GetBytes(text));
}
