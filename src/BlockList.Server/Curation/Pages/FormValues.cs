namespace BlockList.Server.Curation.Pages;

/// <summary>What stands in the fields of a form: empty at first, what was typed when it comes back.</summary>
internal sealed class FormValues(IReadOnlyDictionary<string, string> values)
{
    public static readonly FormValues Empty = new(new Dictionary<string, string>());

    /// <summary>Empty where nothing was typed.</summary>
    public string this[string field] => values.TryGetValue(field, out var value) ? value : "";

    public bool Any => values.Count > 0;

    /// <summary>Null where nothing was typed, so that an attribute is left out.</summary>
    public string? Find(string field) => values.TryGetValue(field, out var value) && value.Length > 0 ? value : null;

    public FormValues With(string field, string value) => new(new Dictionary<string, string>(values, StringComparer.Ordinal) { [field] = value });
}
