namespace BlockList.Agent.Configuration;

/// <summary>One <c>[kind name]</c> with what stands in it. Keys that nobody asked for are problems: a misspelt key
/// that is passed over in silence is a setting that never worked.</summary>
internal sealed class IniSection(IniFile file, string kind, string? name, int line, IReadOnlyList<IniEntry> entries)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public string Kind { get; } = kind;

    public string? Name { get; } = name;

    public int Line { get; } = line;

    public string Title => Name is null ? $"[{Kind}]" : $"[{Kind} {Name}]";

    /// <summary>The value of a key that must be there.</summary>
    public string Required(string key)
    {
        if (Optional(key) is { } value) return value;
        if (entries.Any(e => e.Key == key)) return "";
        file.Problem(Line, $"{Title} has no \"{key}\". Add a line {key}=…");
        return "";
    }

    public string? Optional(string key)
    {
        known.Add(key);
        if (entries.FirstOrDefault(e => e.Key == key) is not { } entry) return null;
        if (entry.Value.Length > 0) return entry.Value;
        file.Problem(entry.Line, $"\"{key}\" has no value. Write {key}=…, or remove the line.");
        return null;
    }

    /// <summary>Notes that a value is wrong, at its own line.</summary>
    public void Wrong(string key, string problem) =>
        file.Problem(entries.FirstOrDefault(e => e.Key == key)?.Line ?? Line, problem);

    public void RefuseUnknownKeys()
    {
        foreach (var entry in entries.Where(e => !known.Contains(e.Key)))
            file.Problem(entry.Line, $"\"{entry.Key}\" is no setting of {Title}. It knows: {string.Join(", ", known.Order(StringComparer.Ordinal))}. Correct or remove the line.");
    }
}
