using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Statements;

/// <summary>The verdict on each criterion that a curator decides, by the criterion's id (<c>c1</c>, <c>c2</c>, …).</summary>
public sealed class Verdicts : IEquatable<Verdicts>
{
    private readonly ImmutableSortedDictionary<string, Verdict> byCriterion;

    public Verdicts(IEnumerable<KeyValuePair<string, Verdict>> byCriterion) =>
        this.byCriterion = byCriterion.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public Verdict this[string criterion] => byCriterion[criterion];

    /// <summary>Ids in ordinal order.</summary>
    public IEnumerable<string> Criteria => byCriterion.Keys;

    /// <summary>Whether every criterion of <paramref name="criteria"/> is met, and no other one is judged: an empty
    /// or a shortened verdict never counts.</summary>
    public bool AreMet(IReadOnlyCollection<string> criteria) =>
        criteria.Count > 0 && Covers(criteria) && byCriterion.Values.All(v => v == Verdict.Met);

    /// <summary>Whether exactly the criteria named are judged.</summary>
    public bool Covers(IReadOnlyCollection<string> criteria) =>
        byCriterion.Count == criteria.Count && byCriterion.Keys.All(c => criteria.Contains(c, StringComparer.Ordinal));

    public bool AnyNotMet => byCriterion.ContainsValue(Verdict.NotMet);

    public static string Print(Verdict verdict) => verdict switch
    {
        Verdict.Met => "met",
        Verdict.NotMet => "not_met",
        _ => "unknown",
    };

    public static bool TryParse(string? text, out Verdict verdict)
    {
        verdict = text switch { "met" => Verdict.Met, "not_met" => Verdict.NotMet, _ => Verdict.Unknown };
        return verdict != Verdict.Unknown || text == "unknown";
    }

    internal static Verdicts Parse(JsonFields fields)
    {
        var verdicts = new List<KeyValuePair<string, Verdict>>();
        foreach (var property in fields.Properties)
        {
            // The criterion's id is the sender's own text and stays out of the message.
            if (property.Value.ValueKind != JsonValueKind.String || !TryParse(property.Value.GetString(), out var verdict))
                throw new MalformedDocumentException("a verdict is not met, not_met or unknown");
            verdicts.Add(new(property.Name, verdict));
        }
        if (verdicts.Count is 0 or > 16) throw new MalformedDocumentException("the verdict names no criterion, or too many");
        return new Verdicts(verdicts);
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (criterion, verdict) in byCriterion) json[criterion] = Print(verdict);
        return json;
    }

    public bool Equals(Verdicts? other) => other is not null && byCriterion.SequenceEqual(other.byCriterion);

    public override bool Equals(object? obj) => Equals(obj as Verdicts);

    public override int GetHashCode() => byCriterion.Aggregate(0, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));
}
