using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tests.Statements;
using BlockList.Format.Tests.Tuf;
using BlockList.Format.Tuf;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests;

/// <summary>
/// Every kind of document with each of its values exchanged for something hostile, and with bytes changed at random. It
/// must be refused as malformed, or be read without loss: printed again it is what it was. Nothing else may happen, least
/// of all an exception that callers do not expect.
/// </summary>
public sealed class HostileDocumentTests
{
    // One key for everything: each key in a document is one more to read, several thousand times.
    private static readonly SigningKey Key = new();
    private static readonly SignedRepository Repository = new() { RootKeys = [Key], TargetsKeys = [Key], SnapshotKey = Key, TimestampKey = Key };
    private static readonly SampleRegister Register = new();

    /// <summary>A valid document of each kind, and how it is read and printed again.</summary>
    private static readonly Dictionary<string, (string Valid, Func<byte[], JsonNode?> ReadAndPrint)> Kinds = new(StringComparer.Ordinal)
    {
        ["root"] = (Text(Repository.RootDocument().ToJson()), bytes => RootDocument.Parse(Signed(bytes)).ToJson()),
        ["timestamp"] = (Text(new TimestampDocument(2, SignedRepository.Later, MetadataReference.To(1, [1])).ToJson()), bytes => TimestampDocument.Parse(Signed(bytes)).ToJson()),
        ["snapshot"] = (Text(new SnapshotDocument(2, SignedRepository.Later, MetadataReference.To(1, [1])).ToJson()), bytes => SnapshotDocument.Parse(Signed(bytes)).ToJson()),
        ["targets"] = (Text(new TargetsDocument(2, SignedRepository.Later, new Dictionary<string, TargetFile>
        {
            ["list.txt"] = TargetFile.To([1]) with { Custom = ListFactsTests.Valid.ToJson() },
            ["delta/1-2.txt"] = TargetFile.To([]),
        }).ToJson()), bytes => TargetsDocument.Parse(Signed(bytes)).ToJson()),
        ["facts"] = (ListFactsTests.Valid.ToJson().GetRawText(), bytes => Node(ListFacts.Parse(Signed(bytes)).ToJson())),
        ["key"] = (Key.Public.Json.GetRawText(), bytes => Node(VerificationKey.Parse(Signed(bytes)).Json)),
        ["proposal"] = (StatementText(DecisionKind.Proposal), bytes => JsonNode.Parse(DecisionStatement.Parse(bytes).ToCanonicalBytes())),
        ["withdrawal"] = (StatementText(DecisionKind.Withdrawal), bytes => JsonNode.Parse(DecisionStatement.Parse(bytes).ToCanonicalBytes())),
        ["register"] = (Text(Register.Register.ToJson()), bytes => AgencyRegister.Open(Enveloped(bytes), new RoleKeys([Register.Holders[0].Id], 1), Register.Keys).ToJson()),
        ["envelope"] = (Encoding.UTF8.GetString(SignedRepository.Sign(new JsonObject { ["a"] = 1 }, Repository.RootKeys)), bytes =>
        {
            var read = SignedDocument.Parse(bytes);
            return new JsonObject
            {
                ["signed"] = Node(read.Signed),
                ["signatures"] = new JsonArray([.. read.Signatures.Select(s => new JsonObject { ["keyid"] = s.KeyId, ["sig"] = Convert.ToHexStringLower(s.Value) })]),
            };
        }),
    };

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(KindNames))]
    public void A_hostile_value_anywhere_is_refused_or_read_without_loss(string kind)
    {
        var (valid, readAndPrint) = Kinds[kind];
        Assert.Equal(Normal(valid), Normal(readAndPrint(Encoding.UTF8.GetBytes(valid))!.ToJsonString()));
        var (refused, read) = (0, 0);
        foreach (var variant in JsonVariants.Of(valid))
        {
            if (Printed(kind, variant) is not { } printed) refused++;
            else
            {
                read++;
                Assert.Equal(Normal(variant), Normal(printed.ToJsonString()));
            }
        }
        // Most values have one shape only.
        Assert.True(refused > read, $"{kind}: {refused} refused, {read} read");
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Changed_bytes_are_refused_or_read(string kind)
    {
        var valid = Encoding.UTF8.GetBytes(Kinds[kind].Valid);
        var change = Gen.Choose(0, valid.Length - 1).Zip(Gen.OneOf(Gen.Choose(0, 255), Gen.Elements<int>([.. "\"\\{}[],:0123456789-eun/\t"]))).Zip(Gen.Choose(0, 2));
        Prop.ForAll(change.ListOf().Resize(3).ToArbitrary(), changes =>
        {
            var bytes = valid.ToList();
            foreach (var ((at, value), how) in changes)
            {
                if (how == 0) bytes[at % bytes.Count] = (byte)value;
                if (how == 1) bytes.Insert(at % bytes.Count, (byte)value);
                if (how == 2) bytes.RemoveAt(at % bytes.Count);
            }
            _ = Printed(kind, bytes.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true).WithReplay(20_260_104, 7));
    }

    /// <summary>As a signed part is read: it must have canonical bytes before anything in it counts.</summary>
    private static JsonElement Signed(byte[] bytes)
    {
        var element = CanonicalJson.Parse(bytes);
        _ = CanonicalJson.Encode(element);
        return element;
    }

    private static JsonNode? Printed(string kind, string text) => Printed(kind, Encoding.UTF8.GetBytes(text));

    private static JsonNode? Printed(string kind, byte[] bytes)
    {
        try
        {
            return Kinds[kind].ReadAndPrint(bytes);
        }
        catch (MalformedDocumentException)
        {
            return null;
        }
    }

    /// <summary>A signed envelope around bytes that may be no JSON.</summary>
    private static byte[] Enveloped(byte[] signed)
    {
        byte[] covered = [];
        try
        {
            covered = CanonicalJson.Encode(CanonicalJson.Parse(signed));
        }
        catch (MalformedDocumentException)
        {
            // Whoever signs could not have signed this; the reader sees it all the same.
        }
        var holder = Register.Holders[0];
        return [.. Encoding.UTF8.GetBytes($$"""{"signatures":[{"keyid":"{{holder.Id}}","sig":"{{Convert.ToHexString(holder.SignBytes(covered))}}"}],"signed":"""), .. signed, (byte)'}'];
    }

    /// <summary>One text for each content: an absent value is null, the order within arrays does not count, nor the case of
    /// a signature.</summary>
    private static string Normal(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);

        static string Of(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null)
                .Select(p => JsonSerializer.Serialize(p.Name) + ":" + (p.Name == "sig" ? Of(p.Value).ToLowerInvariant() : Of(p.Value))).Order(StringComparer.Ordinal)) + "}",
            JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Of).Order(StringComparer.Ordinal)) + "]",
            _ => Encoding.UTF8.GetString(CanonicalJson.Encode(element)),
        };
    }

    private static JsonNode Node(JsonElement element) => JsonNode.Parse(element.GetRawText())!;

    private static string Text(JsonNode node) => Encoding.UTF8.GetString(CanonicalJson.Print(node));

    private static string StatementText(DecisionKind kind) => Encoding.UTF8.GetString(SampleStatement.Of(kind).ToCanonicalBytes());
}
