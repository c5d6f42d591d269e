using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Json;

public sealed class CanonicalJsonProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(400).WithQuietOnSuccess(true).WithReplay(20_260_102, 7);

    [Fact]
    public void A_document_has_one_form_whatever_the_order_of_its_keys_and_however_it_was_written() =>
        Prop.ForAll(Documents(4).ToArbitrary(), document =>
        {
            var canonical = CanonicalJson.Encode(document);
            var again = CanonicalJson.Encode(CanonicalJson.Parse(CanonicalJson.Print(document)));
            var indented = CanonicalJson.Encode(CanonicalJson.Parse(Encoding.UTF8.GetBytes(Reversed(document).ToJsonString(new() { WriteIndented = true }))));
            return canonical.AsSpan().SequenceEqual(again) && canonical.AsSpan().SequenceEqual(indented);
        }).Check(Runs);

    [Fact]
    public void Another_encoder_written_down_from_the_definition_agrees() =>
        Prop.ForAll(Documents(4).ToArbitrary(), document => Encoding.UTF8.GetString(CanonicalJson.Encode(document)) == Definition(document)).Check(Runs);

    [Fact]
    public void Bytes_of_any_kind_are_read_or_refused_and_nothing_else() =>
        Prop.ForAll(Broken().ToArbitrary(), bytes =>
        {
            try
            {
                _ = CanonicalJson.Encode(CanonicalJson.Parse(bytes));
            }
            catch (MalformedDocumentException)
            {
                return true;
            }
            return true;
        }).Check(Runs.WithMaxTest(3_000));

    private static Gen<JsonNode> Documents(int depth)
    {
        var text = Gen.Elements("", "a", "b", "ab", "é", "\"", "\\", "/", "\n", "\u0001", "\u007f", "日本", "ﬀ").ListOf().Resize(3).Select(string.Concat);
        var leaf = Gen.OneOf(
            text.Select(t => (JsonNode)JsonValue.Create(t + "😀")!),
            Gen.Choose(-1000, 1000).Select(n => (JsonNode)JsonValue.Create(n * 9_007_199_254_740L)),
            Gen.Elements(true, false).Select(b => (JsonNode)JsonValue.Create(b)));
        if (depth == 0) return leaf;
        var inner = Documents(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.ListOf().Resize(4).Select(items => (JsonNode)new JsonArray([.. items.Select(i => i.DeepClone())])),
            text.Zip(inner).ListOf().Resize(5).Select(pairs =>
                (JsonNode)new JsonObject(pairs.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, (JsonNode?)p.Item2.DeepClone())))));
    }

    private static Gen<byte[]> Broken()
    {
        var piece = Gen.Elements("{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\\ud800", "\\u0061", "1", "-", "1e9", ".5", "null", " ", "\n", "\u0000", "é", "\ufeff", "ÿ");
        return piece.ListOf().Resize(12).Zip(Gen.Choose(0, 40), (pieces, cut) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(pieces));
            return cut < bytes.Length ? bytes[..cut] : bytes;
        });
    }

    private static JsonNode Reversed(JsonNode node) => node switch
    {
        JsonObject o => new JsonObject(o.Reverse().Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Reversed(p.Value!)))),
        JsonArray a => new JsonArray([.. a.Select(i => Reversed(i!))]),
        _ => node.DeepClone(),
    };

    private static string Definition(JsonNode node) => node switch
    {
        JsonObject o => "{" + string.Join(',', o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Quoted(p.Key) + ":" + Definition(p.Value!))) + "}",
        JsonArray a => "[" + string.Join(',', a.Select(i => Definition(i!))) + "]",
        JsonValue v when v.TryGetValue<string>(out var text) => Quoted(text),
        JsonValue v when v.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        _ => node.GetValue<long>().ToString(CultureInfo.InvariantCulture),
    };

    private static string Quoted(string text) =>
        "\"" + string.Concat(text.Select(c => c is '"' or '\\' ? "\\" + c : c.ToString())) + "\"";
}
