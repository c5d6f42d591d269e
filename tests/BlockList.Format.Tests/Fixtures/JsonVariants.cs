using System.Text;
using System.Text.Json;

namespace BlockList.Format.Tests.Fixtures;

/// <summary>A document with one value exchanged for another, or left out, at each place in turn.</summary>
internal static class JsonVariants
{
    /// <summary>What a parser's author may not have thought of. Texts that are valid somewhere are not among them.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "-1", "1.0", "1e3", "1.5", "2147483648", "4294967296", "4294967297", "9007199254740991", "9007199254740992",
        "-9223372036854775808", "9223372036854775808", "1e999", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"../x\"", "\"2026-11-21T06:00:00.5Z\"",
        "\"00000000-0000-0000-0000-00000000000A\"", "\"0A00000000000000000000000000000000000000000000000000000000000000\"", "[]", "[null]", "[1]", "[[]]", "{}", "{\"\":{}}",
    ];

    internal static IEnumerable<string> Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        var places = Print(document.RootElement, -1, "").Places;
        for (var place = 0; place < places; place++)
        {
            foreach (var value in Values) yield return Print(document.RootElement, place, value).Text;
            yield return Print(document.RootElement, place, null).Text;
        }
    }

    private static (string Text, int Places) Print(JsonElement root, int place, string? value)
    {
        var text = new StringBuilder();
        var count = 0;
        Write(root, "");
        return (text.ToString(), count);

        void Write(JsonElement element, string before)
        {
            var here = count++;
            if (here == place)
            {
                Skip(element);
                if (value is not null) text.Append(before).Append(value);
                return;
            }
            text.Append(before);
            if (element.ValueKind == JsonValueKind.Object)
            {
                text.Append('{');
                foreach (var property in element.EnumerateObject()) Write(property.Value, Comma('{') + JsonSerializer.Serialize(property.Name) + ":");
                text.Append('}');
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                text.Append('[');
                foreach (var item in element.EnumerateArray()) Write(item, Comma('['));
                text.Append(']');
            }
            else
            {
                text.Append(element.GetRawText());
            }
        }

        string Comma(char opening) => text[^1] == opening ? "" : ",";

        void Skip(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Object)
                foreach (var property in element.EnumerateObject()) Count(property.Value);
            if (element.ValueKind == JsonValueKind.Array)
                foreach (var item in element.EnumerateArray()) Count(item);
        }

        void Count(JsonElement element)
        {
            count++;
            Skip(element);
        }
    }
}
