using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlockList.Format.Json;

/// <summary>
/// OLPC canonical JSON: the one byte sequence that a document has, so that a signature can be checked by
/// anyone who parsed it. No white space, keys sorted, integers only, strings in UTF-8 with only
/// <c>"</c> and <c>\</c> escaped (TUF specification 4.2.1; the same bytes as tuf-js and python-tuf produce).
/// </summary>
public static class CanonicalJson
{
    /// <summary>The largest magnitude every JSON reader holds exactly (RFC 8259 section 6).</summary>
    private const long LargestInteger = (1L << 53) - 1;

    /// <summary>Deepest nesting that is read; every document of this format has fewer than ten levels.</summary>
    internal const int MaximumDepth = 16;

    /// <summary>Encodes an element.</summary>
    /// <exception cref="MalformedDocumentException">A number that is no integer of at most 53 bits, a key
    /// outside the basic plane, or text that is not Unicode.</exception>
    public static byte[] Encode(JsonElement element)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            Write(element, output, WriteString);
        }
        catch (InvalidOperationException problem)
        {
            throw NotUnicode(problem);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Encode(JsonElement)"/>
    public static byte[] Encode(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return Encode(document.RootElement);
    }

    /// <summary>
    /// Prints a document as a file: the order of the canonical bytes, no white space, and control characters escaped.
    /// The canonical bytes themselves are for signatures only. They leave a line end in a text as it is, as every PEM key
    /// has it, and no JSON reader takes that (RFC 8259 section 7).
    /// </summary>
    /// <inheritdoc cref="Encode(JsonElement)" path="/exception"/>
    public static byte[] Print(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        var output = new ArrayBufferWriter<byte>();
        Write(document.RootElement, output, PrintString);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Parses one JSON document; repeated keys, comments, trailing commas, deep nesting and text that is not
    /// Unicode are refused, so that every key and every text of the result can be read.</summary>
    /// <exception cref="MalformedDocumentException">The bytes are no such document.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var element = JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaximumDepth, AllowDuplicateProperties = false });
            RequireText(element);
            return element;
        }
        catch (JsonException problem)
        {
            throw new MalformedDocumentException("not a JSON document: " + Where(problem), problem);
        }
        catch (InvalidOperationException problem)
        {
            throw NotUnicode(problem);
        }
    }

    /// <summary>Parses a document that must already stand in its canonical bytes, as statements do.</summary>
    /// <exception cref="MalformedDocumentException">It is not JSON, or the bytes are not the canonical ones.</exception>
    public static JsonElement ParseCanonical(ReadOnlySpan<byte> utf8)
    {
        var element = Parse(utf8);
        if (!Encode(element).AsSpan().SequenceEqual(utf8))
            throw new MalformedDocumentException("the document is not in its canonical form");
        return element;
    }

    private static void Write(JsonElement element, ArrayBufferWriter<byte> output, Action<string, ArrayBufferWriter<byte>> text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, output, text);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first) output.Write(","u8);
                    first = false;
                    Write(item, output, text);
                }
                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                text(element.GetString()!, output);
                break;
            case JsonValueKind.Number:
                if (!element.TryGetInt64(out var number) || number is < -LargestInteger or > LargestInteger)
                    throw new MalformedDocumentException("a number is not an integer of at most 53 bits");
                output.Write(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new MalformedDocumentException("the document has no value");
        }
    }

    private static void WriteObject(JsonElement element, ArrayBufferWriter<byte> output, Action<string, ArrayBufferWriter<byte>> text)
    {
        var properties = element.EnumerateObject().ToArray();
        // Readers sort by UTF-16 or by code point; outside the basic plane the two differ, so no such key exists here.
        if (properties.Any(p => p.Name.AsSpan().ContainsAnyInRange('\ud800', '\udfff')))
            throw new MalformedDocumentException("a key has a character outside the basic multilingual plane");
        Array.Sort(properties, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        output.Write("{"u8);
        for (var i = 0; i < properties.Length; i++)
        {
            if (i > 0) output.Write(","u8);
            text(properties[i].Name, output);
            output.Write(":"u8);
            Write(properties[i].Value, output, text);
        }
        output.Write("}"u8);
    }

    /// <summary>The reader's own words quote the document, which no message may do; only a key that stands twice has no place.</summary>
    private static string Where(JsonException problem) => problem is { LineNumber: { } line, BytePositionInLine: { } position }
        ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, byte {position + 1}")
        : "a key stands twice in one object";

    /// <summary>The reader takes bytes that are no UTF-8 and escapes of half a surrogate pair; it throws this when they are asked for.</summary>
    private static MalformedDocumentException NotUnicode(InvalidOperationException problem) => new("a key or a text is not Unicode", problem);

    private static void RequireText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    RequireText(property.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) RequireText(item);
                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }

    private static void WriteString(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(Encoding.UTF8.GetBytes(text
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)));
        output.Write("\""u8);
    }

    private static void PrintString(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)));
        output.Write("\""u8);
    }
}
