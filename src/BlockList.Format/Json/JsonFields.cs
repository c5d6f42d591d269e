using System.Globalization;
using System.Text.Json;

namespace BlockList.Format.Json;

/// <summary>
/// Strict reading of the fields of one JSON object. Every getter throws <see cref="MalformedDocumentException"/>
/// that names the field, so that a refusal says what is wrong with the document.
/// </summary>
internal readonly struct JsonFields
{
    private readonly JsonElement element;
    private readonly string what;

    public JsonFields(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new MalformedDocumentException($"{what} is not an object");
        this.element = element;
        this.what = what;
    }

    public JsonElement Required(string field) =>
        element.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : throw new MalformedDocumentException($"{what} has no \"{field}\"");

    public bool Has(string field) => element.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string field)
    {
        var value = Required(field);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(field, "text");
    }

    public string? OptionalText(string field) =>
        Has(field) ? Text(field) : null;

    public void Exactly(string field, string expected)
    {
        var found = Text(field);
        if (!string.Equals(found, expected, StringComparison.Ordinal))
            throw new MalformedDocumentException($"{what}: \"{field}\" is not \"{expected}\"");
    }

    /// <summary>A whole number from <paramref name="minimum"/> to 2^53-1.</summary>
    public long Integer(string field, long minimum = 0)
    {
        var value = Required(field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= minimum && number < 1L << 53
            ? number
            : throw Wrong(field, $"a whole number from {minimum}");
    }

    /// <summary>A whole number from <paramref name="minimum"/> to 2^31-1.</summary>
    public int Count(string field, int minimum = 0)
    {
        var number = Integer(field, minimum);
        // A cast alone would read 2^32 as 0.
        return number <= int.MaxValue ? (int)number : throw Wrong(field, $"a whole number from {minimum} to {int.MaxValue}");
    }

    public long? OptionalInteger(string field, long minimum = 0) =>
        Has(field) ? Integer(field, minimum) : null;

    public bool Boolean(string field)
    {
        var value = Required(field);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, "true or false");
    }

    /// <summary>A time in UTC to the second, <c>2026-11-21T06:00:00Z</c>, and in no other spelling.</summary>
    public DateTimeOffset Time(string field) =>
        Timestamp.TryParse(Text(field), out var time) ? time : throw Wrong(field, "a time such as 2026-11-21T06:00:00Z");

    public DateTimeOffset? OptionalTime(string field) =>
        Has(field) ? Time(field) : null;

    /// <summary>A SHA-256 as 64 lower-case hexadecimal digits.</summary>
    public string Sha256(string field)
    {
        var text = Text(field);
        return Hashes.IsSha256(text) ? text : throw Wrong(field, "a SHA-256 in lower-case hexadecimal");
    }

    public string? OptionalSha256(string field) =>
        Has(field) ? Sha256(field) : null;

    public Guid Id(string field) =>
        Guid.TryParseExact(Text(field), "D", out var id) && string.Equals(id.ToString("D"), Text(field), StringComparison.Ordinal)
            ? id
            : throw Wrong(field, "an id such as 0192f3b2-…");

    public Guid? OptionalId(string field) =>
        Has(field) ? Id(field) : null;

    public byte[] Base64(string field)
    {
        try
        {
            return Required(field).GetBytesFromBase64();
        }
        catch (Exception problem) when (problem is FormatException or InvalidOperationException)
        {
            throw Wrong(field, "base64");
        }
    }

    public JsonFields Object(string field) => new(Required(field), $"{what}.{field}");

    public JsonElement.ArrayEnumerator Array(string field)
    {
        var value = Required(field);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(field, "an array");
    }

    /// <summary>An array of texts.</summary>
    public string[] Texts(string field)
    {
        var items = Array(field).ToArray();
        return items.All(item => item.ValueKind == JsonValueKind.String) ? [.. items.Select(item => item.GetString()!)] : throw Wrong(field, "an array of texts");
    }

    public IEnumerable<JsonProperty> Properties => element.EnumerateObject();

    public MalformedDocumentException Wrong(string field, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what}: \"{field}\" is not {expected}"));
}
