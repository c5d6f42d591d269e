using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

/// <summary>The keys that a person changed, as pages carry them: <c>{"assess":"x","propose":"","keys":"off","breaks":"off"}</c>.</summary>
internal static class KeyMap
{
    /// <summary>In front of an action in the form's field names.</summary>
    public const string FieldPrefix = "key-of-";

    private const string AllKeys = "keys";
    private const string Breaks = "breaks";
    private const string Off = "off";

    /// <summary>Key of each action as it works for the person; empty where it is switched off.</summary>
    public static IReadOnlyDictionary<string, string> Effective(string json)
    {
        var changed = Parse(json);
        return KeyHelp.Keys.ToDictionary(key => key.Action, key => changed.TryGetValue(key.Action, out var own) ? own : key.Key, StringComparer.Ordinal);
    }

    public static bool KeysAreOn(string json) => Parse(json).GetValueOrDefault(AllKeys) != Off;

    public static bool BreaksAreOn(string json) => Parse(json).GetValueOrDefault(Breaks) != Off;

    /// <summary>A key is one character that a keyboard types without Ctrl or Alt, or two with a space between.</summary>
    public static IEnumerable<FieldError> ProblemsOf(IReadOnlyDictionary<string, string> keys)
    {
        foreach (var (action, _, what) in KeyHelp.Keys)
        {
            var key = keys.GetValueOrDefault(action, "");
            if (key.Length == 0) continue;
            if (!IsKey(key)) yield return new FieldError(FieldPrefix + action, $"“{what}”: {key} is no key. Write one character, or two with a space between them such as g q; leave it empty to switch it off.");
            else if (KeyHelp.Keys.FirstOrDefault(other => other.Action != action && Clash(key, keys.GetValueOrDefault(other.Action, ""))).What is { } other)
                yield return new FieldError(FieldPrefix + action, $"“{what}”: {key} is taken by “{other}”. Give one of them another key.");
        }
    }

    /// <summary>Only what differs from the usual, so that a new usual key reaches who never chose.</summary>
    public static string ToJson(IReadOnlyDictionary<string, string> keys, bool keysAreOn, bool breaksAreOn)
    {
        var json = new JsonObject();
        foreach (var (action, usual, _) in KeyHelp.Keys)
            if (keys.GetValueOrDefault(action, "") is var key && key != usual) json[action] = key;
        if (!keysAreOn) json[AllKeys] = Off;
        if (!breaksAreOn) json[Breaks] = Off;
        return json.ToJsonString();
    }

    private static bool IsKey(string key) => key.Split(' ') is { Length: 1 or 2 } parts && parts.All(part => part.Length == 1 && char.IsAscii(part[0]) && part[0] is > ' ' and <= '~');

    /// <summary>The first of two keys may begin nothing else.</summary>
    private static bool Clash(string one, string other) => one == other || (other.Length > 0 && (one.StartsWith(other + " ", StringComparison.Ordinal) || other.StartsWith(one + " ", StringComparison.Ordinal)));

    private static Dictionary<string, string> Parse(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
    }
}
