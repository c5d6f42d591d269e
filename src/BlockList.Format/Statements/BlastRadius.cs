using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Statements;

/// <summary>What a listing would stop, as the person who proposed it was shown before they signed.</summary>
/// <param name="Reach"><c>registrable</c>: a whole registered domain; <c>below</c>: a name within one, and what is below it; <c>host</c>: that name alone.</param>
/// <param name="IsShared">The name was given out by a company that gives out many: shared hosting, dynamic DNS.</param>
/// <param name="KnownNames">How many other names that the system knows, from lists and the never-block register, would be stopped too.</param>
/// <param name="Rank">In the imported list of sites, of the name or what is nearest to it; null where it has none.</param>
/// <param name="Sentence">The same in words, as it was shown.</param>
public sealed record BlastRadius(string Reach, bool IsShared, long KnownNames, long? Rank, string Sentence)
{
    public const string Registrable = "registrable";
    public const string Below = "below";
    public const string Host = "host";

    private const int LongestSentence = 1000;

    internal bool IsWellFormed => Reach is Registrable or Below or Host && Sentence.Length <= LongestSentence;

    internal static BlastRadius Parse(JsonFields fields)
    {
        var (reach, sentence) = (fields.Text("reach"), fields.Text("sentence"));
        if (reach is not (Registrable or Below or Host)) throw fields.Wrong("reach", "registrable, below or host");
        if (sentence.Length > LongestSentence) throw fields.Wrong("sentence", $"at most {LongestSentence} characters");
        return new BlastRadius(reach, fields.Boolean("shared"), fields.Integer("known_names"), fields.OptionalInteger("rank", 1), sentence);
    }

    internal JsonObject ToJson() => new()
    {
        ["reach"] = Reach,
        ["shared"] = IsShared,
        ["known_names"] = KnownNames,
        ["rank"] = Rank,
        ["sentence"] = Sentence,
    };
}
