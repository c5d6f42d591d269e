using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;

namespace BlockList.Agent.State;

/// <summary>The small JSON files of the state directory.</summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string path, JsonObject json) => DurableFile.Write(path, Encoding.UTF8.GetBytes(Text(json)));

    /// <summary>For people and for files: indented, one line end at the end.</summary>
    public static string Text(JsonObject json) => json.ToJsonString(Indented) + "\n";

    /// <summary>Reads a file, or returns null where it does not exist.</summary>
    /// <exception cref="StateException">It exists and is not what this program writes. Nothing is assumed then: a memory
    /// against rollback that can be cleared by a damaged file is none.</exception>
    public static T? Read<T>(string path, Func<JsonElement, T> parse) where T : class
    {
        if (DurableFile.TryRead(path) is not { } bytes) return null;
        try
        {
            return parse(CanonicalJson.Parse(bytes));
        }
        catch (Exception problem) when (problem is FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new StateException($"{path} is damaged ({problem.Message}). It is replaced by no one but you: " +
                "restore it from a backup, or remove the list's folder and run \"blocklist-agent enroll\" again.", problem);
        }
    }

    public static DateTimeOffset Time(JsonElement json) =>
        Timestamp.TryParse(json.GetString(), out var time) ? time : throw new FormatException("a time is not written as 2026-11-21T06:00:00Z");

    public static string Sha256(JsonElement json) =>
        json.GetString() is { } hash && Hashes.IsSha256(hash) ? hash : throw new FormatException("\"sha256\" is no hash");

    /// <summary>Entries of a list, in order and each once.</summary>
    public static ListFile Entries(JsonElement json) => ListFile.OfLines(json.EnumerateArray().Select(line => line.GetString()!));

    public static JsonArray Entries(ListFile entries) => [.. entries.Lines.Select(line => (JsonNode)line)];

    public static DateTimeOffset? OptionalTime(JsonElement parent, string field) =>
        parent.TryGetProperty(field, out var json) && json.ValueKind != JsonValueKind.Null ? Time(json) : null;

    /// <summary>What stands under a field, or null where it is missing or null.</summary>
    public static T? Optional<T>(JsonElement parent, string field, Func<JsonElement, T> parse) where T : class =>
        parent.TryGetProperty(field, out var json) && json.ValueKind != JsonValueKind.Null ? parse(json) : null;

    public static string? OptionalText(JsonElement parent, string field) =>
        parent.TryGetProperty(field, out var json) && json.ValueKind != JsonValueKind.Null ? json.GetString() : null;
}
