namespace BlockList.Format.Statements;

/// <summary>What release officers answered to rules of the never-block guard that speak against one entry. Few entries have any.</summary>
internal sealed class GuardAnswers
{
    private readonly HashSet<string> overridden = new(StringComparer.Ordinal);
    private readonly HashSet<string> overriders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> enforcers = new(StringComparer.Ordinal);

    public bool HasOverrideBy(string person) => overriders.Contains(person);

    public bool IsOverridden(string rule) => overridden.Contains(rule);

    public bool IsEnforced(string rule) => enforcers.TryGetValue(rule, out var people) && people.Count >= 2;

    public bool HasEnforcementBy(string person, string rule) => enforcers.TryGetValue(rule, out var people) && people.Contains(person);

    public bool HasEnforcementBy(string person) => enforcers.Values.Any(people => people.Contains(person));

    public void Override(string rule, string person)
    {
        overridden.Add(rule);
        overriders.Add(person);
        // Who wanted the rule to hold before is answered: it takes two again.
        enforcers.Remove(rule);
    }

    public void Enforce(string rule, string person)
    {
        if (!enforcers.TryGetValue(rule, out var people)) enforcers.Add(rule, people = new HashSet<string>(StringComparer.Ordinal));
        people.Add(person);
        // Whoever wants the rule to hold after it was overridden has the later word.
        if (IsEnforced(rule)) overridden.Remove(rule);
    }
}
