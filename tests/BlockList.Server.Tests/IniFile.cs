namespace BlockList.Server.Tests;

/// <summary>Settings as an operator writes them.</summary>
internal static class IniFile
{
    /// <param name="settings">By <c>Section:Key</c>.</param>
    public static string Of(IReadOnlyDictionary<string, string?> settings) => string.Join('\n', settings
        .GroupBy(s => s.Key.Split(':')[0])
        .SelectMany(section => section.Select(s => $"{s.Key.Split(':')[1]} = {s.Value}").Prepend($"[{section.Key}]"))) + "\n";
}
