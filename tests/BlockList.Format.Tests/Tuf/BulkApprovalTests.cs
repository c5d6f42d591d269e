using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

/// <summary>Whose word lets a large version through, and for which version alone.</summary>
public sealed class BulkApprovalTests
{
    private static readonly string From = new('a', 64);
    private static readonly string To = new('b', 64);
    private static readonly Serial Version = Serial.Create(123);

    private readonly SigningKey approver = new();
    private readonly SignedRepository repository = new();

    private RootDocument Root => repository.RootDocument() with { ApproverKeys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal) { [approver.Id] = approver.Public } };

    [Fact]
    public void An_approver_of_root_covers_exactly_the_step_that_was_signed()
    {
        var approval = Approve(approver);

        Assert.True(approval.Covers(Root, Version, From, To));
        Assert.False(approval.Covers(Root, Version.Next(), From, To));
        Assert.False(approval.Covers(Root, Version, To, To));
        Assert.False(approval.Covers(Root, Version, From, From));
        Assert.False(approval.Covers(Root with { List = "other-list" }, Version, From, To));
        Assert.False(approval.Covers(Root with { Deployment = "other-deployment" }, Version, From, To));
    }

    [Fact]
    public void Nobody_else_covers_anything()
    {
        Assert.False(Approve(new SigningKey()).Covers(Root, Version, From, To));
        Assert.False(Approve(repository.TargetsKeys[0]).Covers(Root, Version, From, To));
        Assert.False(Approve(repository.RootKeys[0]).Covers(Root, Version, From, To));
        Assert.False(Approve(approver).Covers(repository.RootDocument(), Version, From, To));
    }

    [Fact]
    public void A_field_that_was_added_after_signing_or_before_it_covers_nothing()
    {
        var statement = Statement();
        statement["more"] = 1;
        Assert.False(BulkApproval.Compose(statement, [approver.Sign(statement)]).Covers(Root, Version, From, To));
        Assert.False(BulkApproval.Compose(statement, [approver.Sign(Statement())]).Covers(Root, Version, From, To));
    }

    [Fact]
    public void It_is_read_out_of_the_facts_as_it_was_printed()
    {
        var facts = ListFactsTests.Valid with { BulkApproval = Approve(approver) };

        var read = ListFacts.Parse(facts.ToJson());

        Assert.True(read.BulkApproval!.Covers(Root, Version, From, To));
        Assert.Equal(facts.ToJson().GetRawText(), read.ToJson().GetRawText());
        Assert.True(BulkApproval.Of(facts.ToJson())!.Covers(Root, Version, From, To));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"yes\"")]
    [InlineData("""{"signatures":[],"signed":null}""")]
    [InlineData("""{"signatures":[{"keyid":"x","sig":"y"}],"signed":{}}""")]
    public void What_is_no_approval_approves_nothing_and_refuses_nothing(string approval)
    {
        var json = JsonNode.Parse(ListFactsTests.Valid.ToJson().GetRawText())!.AsObject();
        json["bulk_approval"] = JsonNode.Parse(approval);

        Assert.Equal(ListFactsTests.Valid, ListFacts.Parse(json.AsRead()));
    }

    [Fact]
    public void Nothing_said_of_a_delta_is_neither_urgent_nor_approved()
    {
        Assert.Null(BulkApproval.Of(null));
        Assert.False(DeltaFacts.IsUrgent(null));
        Assert.False(DeltaFacts.IsUrgent(CanonicalJson.Parse("""{"urgent":"true"}"""u8)));
        Assert.False(DeltaFacts.IsUrgent(CanonicalJson.Parse("[]"u8)));
        Assert.True(DeltaFacts.IsUrgent(CanonicalJson.Parse("""{"urgent":true}"""u8)));
    }

    [Fact]
    public void Approver_keys_stand_in_root_and_a_root_without_them_has_no_such_field()
    {
        Assert.DoesNotContain("approver_keys", repository.RootDocument().ToJson().ToJsonString(), StringComparison.Ordinal);

        var read = RootDocument.Parse(Root.ToJson().AsRead());

        Assert.Equal([approver.Id], read.ApproverKeys.Keys);
        Assert.Equal(CanonicalJson.Encode(Root.ToJson()), CanonicalJson.Encode(read.ToJson()));
    }

    [Fact]
    public void One_approver_key_twice_is_refused()
    {
        var json = Root.ToJson();
        var keys = json["blocklist"]!["approver_keys"]!.AsArray();
        keys.Add(keys[0]!.DeepClone());

        Assert.Equal("root: one approver key stands there twice", Assert.Throws<MalformedDocumentException>(() => RootDocument.Parse(json.AsRead())).Message);
    }

    private static JsonObject Statement() => BulkApproval.Statement(SignedRepository.Deployment, SignedRepository.List, Version, From, To);

    private static BulkApproval Approve(SigningKey key)
    {
        var statement = Statement();
        return BulkApproval.Compose(statement, [key.Sign(statement)]);
    }
}
