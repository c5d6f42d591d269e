using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// A language of the site with all its texts. Texts lie in <c>Texts/LANGUAGE.txt</c>, a line each: key, colon, text; what stands in
/// braces is filled in. A test compares the keys and the braces of all languages.
/// </summary>
internal sealed class PortalLanguage
{
    private const char FirstStrongIsolate = '\u2068';
    private const char PopDirectionalIsolate = '\u2069';

    private readonly FrozenDictionary<string, string> texts;

    private PortalLanguage(string code, string ownName, bool isRightToLeft)
    {
        (Code, OwnName, Direction, Culture) = (code, ownName, isRightToLeft ? "rtl" : "ltr", CultureInfo.GetCultureInfo(code));
        texts = Read(code);
    }

    public static IReadOnlyList<PortalLanguage> All { get; } = [new("en", "English", false), new("fr", "Français", false), new("es", "Español", false), new("ar", "العربية", true)];

    /// <summary>As addresses have it: <c>en</c>.</summary>
    public string Code { get; }

    /// <summary>What people who speak it call it.</summary>
    public string OwnName { get; }

    /// <summary><c>ltr</c> or <c>rtl</c>.</summary>
    public string Direction { get; }

    public CultureInfo Culture { get; }

    public IEnumerable<string> Keys => texts.Keys;

    public string this[string key] => texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"the language {Code} has no text {key}");

    public string? Find(string key) => texts.GetValueOrDefault(key);

    /// <summary>A text with its braces filled in. Each value is set apart, so that a name from left to right stands whole in a sentence from right to left.</summary>
    public string Fill(string key, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = this[key];
        foreach (var (name, value) in values) text = text.Replace($"{{{name}}}", $"{FirstStrongIsolate}{value}{PopDirectionalIsolate}", StringComparison.Ordinal);
        return text;
    }

    /// <summary>A time in UTC, in words of this language: "Mon 23 Nov 2026, 06:00 UTC".</summary>
    public string Time(DateTimeOffset time) => time.UtcDateTime.ToString(this["site.time"], Culture) + " UTC";

    public string Date(DateOnly date) => date.ToString("d MMMM yyyy", Culture);

    public static PortalLanguage? Find(string? code, IEnumerable<PortalLanguage> among) => among.FirstOrDefault(language => language.Code == code);

    private static FrozenDictionary<string, string> Read(string code)
    {
        using var stream = typeof(PortalLanguage).Assembly.GetManifestResourceStream($"BlockList.Server.Complaints.Texts.{code}.txt") ?? throw new InvalidOperationException($"the texts of {code} are not in this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon < 0 || !texts.TryAdd(line[..colon], line[(colon + 2)..])) throw new InvalidOperationException($"the texts of {code} have a line without a key, or a key twice: {line}");
        }
        return texts.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
