using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using Xunit;

namespace BlockList.Format.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b" : 1 , "a" : [ true , false , null , { } , [ ] ] }""", """{"a":[true,false,null,{},[]],"b":1}""")]
    [InlineData("""{"aa":1,"a":2,"B":3,"":4,"é":5,"Z":6}""", """{"":4,"B":3,"Z":6,"a":2,"aa":1,"é":5}""")]
    [InlineData("""{"a\u0062":"\u0061\/\u00e9"}""", """{"ab":"a/é"}""")]
    [InlineData("""["\"\\","\ud83d\ude00"]""", """["\"\\","😀"]""")]
    [InlineData("-0", "0")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740991", "-9007199254740991")]
    public void Every_spelling_of_a_document_has_one_canonical_form(string document, string canonical) =>
        Assert.Equal(canonical, Text(CanonicalJson.Encode(CanonicalJson.Parse(Bytes(document)))));

    [Fact]
    public void Control_characters_stand_in_the_signed_bytes_as_they_are()
    {
        // tuf-js and python-tuf sign the same bytes: only the quote and the backslash are escaped.
        Assert.Equal("\"\n\t\u0001\u007f\""u8.ToArray(), CanonicalJson.Encode(CanonicalJson.Parse("\"\\n\\t\\u0001\u007f\""u8)));
        // No JSON reader takes a raw one back, so no document that must stand in these bytes can have one.
        Assert.Throws<MalformedDocumentException>(() => CanonicalJson.ParseCanonical("\"\n\""u8));
        Assert.Throws<MalformedDocumentException>(() => CanonicalJson.ParseCanonical("\"\\n\""u8));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("1E0")]
    [InlineData("0.0")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    [InlineData("1e999999999")]
    public void A_number_that_is_no_integer_of_53_bits_has_no_canonical_form(string number)
    {
        Refused("a number is not an integer of at most 53 bits", () => CanonicalJson.Encode(CanonicalJson.Parse(Bytes(number))));
        Refused("a number is not an integer of at most 53 bits", () => CanonicalJson.Encode(CanonicalJson.Parse(Bytes($$"""{"a":[{"b":{{number}}}]}"""))));
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"\u0061":1,"a":2}""")]
    [InlineData("""{"":1,"":2}""")]
    [InlineData("""[[{"x":{"é":1,"\u00e9":2}}]]""")]
    public void A_key_that_stands_twice_is_refused_however_it_is_spelled(string document) =>
        Refused("not a JSON document: a key stands twice in one object", () => CanonicalJson.Parse(Bytes(document)));

    [Fact]
    public void The_same_key_in_two_objects_is_no_repetition() =>
        Assert.Equal(JsonValueKind.Object, CanonicalJson.Parse("""{"a":{"a":1},"b":{"a":2}}"""u8).ValueKind);

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":"\udc00\ud800"}""")]
    [InlineData("""["x\ud83d"]""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"\ud800":1,"\ud800":2}""")]
    [InlineData("""{"\ud800\u0061":1,"b":2}""")]
    public void Half_a_surrogate_pair_is_refused_in_keys_and_texts(string document) =>
        Refused("a key or a text is not Unicode", () => CanonicalJson.Parse(Bytes(document)));

    [Theory]
    [InlineData("22FF22")]
    [InlineData("22C3 22")]
    [InlineData("22ED A0 80 22")]
    [InlineData("22C0 AF 22")]
    [InlineData("22F4 90 80 80 22")]
    [InlineData("7B 22FF22 3A 31 7D")]
    [InlineData("7B 2261 22 3A 22 80 22 7D")]
    public void Bytes_that_are_no_UTF8_are_refused_in_keys_and_texts(string hexadecimal) =>
        Assert.Throws<MalformedDocumentException>(() => CanonicalJson.Parse(Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void A_key_outside_the_basic_plane_has_no_canonical_form() =>
        Refused("a key has a character outside the basic multilingual plane", () => CanonicalJson.Encode(CanonicalJson.Parse("""{"😀":1}"""u8)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\ufeff{}")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{}\0")]
    [InlineData("[1,]")]
    [InlineData("""{"a":1,}""")]
    [InlineData("/**/{}")]
    [InlineData("{}//")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("0x10")]
    [InlineData("\"\n\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\u00g0\"")]
    [InlineData("\"")]
    [InlineData("{")]
    [InlineData("tru")]
    [InlineData("undefined")]
    public void What_is_no_JSON_is_refused(string document) =>
        Assert.StartsWith("not a JSON document: line ", Assert.Throws<MalformedDocumentException>(() => CanonicalJson.Parse(Bytes(document))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("""{"a":""", "}")]
    public void Sixteen_levels_are_read_and_no_more(string opening, string closing)
    {
        Assert.Equal(16 * (opening.Length + closing.Length) + 1, CanonicalJson.Encode(CanonicalJson.Parse(Bytes(Nested(16)))).Length);
        Assert.Throws<MalformedDocumentException>(() => CanonicalJson.Parse(Bytes(Nested(17))));
        Assert.Throws<MalformedDocumentException>(() => CanonicalJson.Parse(Bytes(string.Concat(Enumerable.Repeat(opening, 1_000_000)))));

        string Nested(int levels) => string.Concat(Enumerable.Repeat(opening, levels)) + "1" + string.Concat(Enumerable.Repeat(closing, levels));
    }

    [Fact]
    public void No_message_repeats_the_document()
    {
        const string Name = "secret-name";
        string[] documents =
        [
            $$"""{"{{Name}}":1,"{{Name}}":2}""", $$"""{"{{Name}}":\u001b}""", $$"""{"{{Name}}\ud800":1}""", $$"""{"{{Name}}":1.5}""", $"\"{Name}", Name, $"[{Name}]",
        ];
        foreach (var document in documents)
        {
            var message = Assert.Throws<MalformedDocumentException>(() => CanonicalJson.Encode(CanonicalJson.Parse(Bytes(document)))).Message;
            Assert.DoesNotContain(Name, message, StringComparison.Ordinal);
            Assert.All(message, c => Assert.InRange(c, ' ', '~'));
        }
    }

    [Theory]
    [InlineData(""" {"a":1}""")]
    [InlineData("""{"a":1} """)]
    [InlineData("{\"a\":1}\n")]
    [InlineData("""{"a": 1}""")]
    [InlineData("""{"b":1,"a":2}""")]
    [InlineData("""{"\u0061":1}""")]
    [InlineData("""{"a":"\u0061"}""")]
    [InlineData("""{"a":"\/"}""")]
    [InlineData("""{"a":-0}""")]
    public void Another_form_than_the_canonical_one_is_refused_where_it_is_due(string document)
    {
        _ = CanonicalJson.Parse(Bytes(document));
        Refused("the document is not in its canonical form", () => CanonicalJson.ParseCanonical(Bytes(document)));
    }

    [Fact]
    public void A_printed_file_escapes_what_no_reader_takes_and_reads_as_the_same_document()
    {
        var node = new JsonObject { ["text"] = "line\nend \"\\\u0001\u007fé😀" };

        var file = CanonicalJson.Print(node);

        Assert.Equal("""{"text":"line\nend \"\\\u0001\u007Fé\uD83D\uDE00"}""", Text(file));
        Assert.Equal(CanonicalJson.Encode(node), CanonicalJson.Encode(CanonicalJson.Parse(file)));
    }

    [Fact]
    public void An_element_that_was_read_elsewhere_is_refused_by_the_same_rules()
    {
        using var document = JsonDocument.Parse("""{"a":"\ud800"}""");
        Refused("a key or a text is not Unicode", () => CanonicalJson.Encode(document.RootElement));
        Refused("the document has no value", () => CanonicalJson.Encode(default(JsonElement)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static void Refused(string message, Func<object?> read) => Assert.Equal(message, Assert.Throws<MalformedDocumentException>(read).Message);
}
