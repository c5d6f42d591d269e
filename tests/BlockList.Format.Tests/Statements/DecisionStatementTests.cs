using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

public sealed class DecisionStatementTests
{
    public static TheoryData<DecisionKind> Kinds => [.. Enum.GetValues<DecisionKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_statement_is_read_as_it_was_printed(DecisionKind kind)
    {
        foreach (var line in new[] { "bad.example", "=www.bad.example", "xn--bcher-kva.example" })
        {
            var statement = SampleStatement.Of(kind) with { Name = SampleStatement.Listed(line) };
            var bytes = statement.ToCanonicalBytes();

            Assert.Equal(statement, DecisionStatement.Parse(bytes));
            Assert.Equal(bytes, DecisionStatement.Parse(bytes).ToCanonicalBytes());
        }
    }

    [Fact]
    public void The_bytes_of_a_proposal_are_these() => Assert.Equal("""
        {"agency":"no-kripos","case":null,"credential":"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc","criteria":"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd","decided_at":"2026-11-21T06:00:00Z","deployment":"test-deployment","episode":"019aa3b2-0000-7000-8000-000000000002","id":"019aa3b2-0000-7000-8000-000000000002","kind":"proposal","list":"worst-of","name":"bad.example","note":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff","person":"no-kripos-1","previous":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","reference":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","scope":"domain","sequence":2,"sighted_at":"2026-11-20T12:00:00Z","supersedes":null,"type":"blocklist-decision","v":1,"verdict":{"c1":"met","c2":"met","c3":"met"}}
        """, Encoding.UTF8.GetString(SampleStatement.Of(DecisionKind.Proposal).ToCanonicalBytes()));

    [Fact]
    public void What_was_shown_to_a_proposer_is_read_as_it_was_printed()
    {
        var blast = new BlastRadius(BlastRadius.Below, IsShared: true, KnownNames: 3, Rank: null, "Listing it stops bad.example and everything below it.");
        var statement = SampleStatement.Of(DecisionKind.Proposal) with { Blast = blast };
        Assert.Equal(statement, DecisionStatement.Parse(statement.ToCanonicalBytes()));
        foreach (var wrong in new[] { blast with { Reach = "far" }, blast with { KnownNames = -1 }, blast with { Rank = 0 }, blast with { Sentence = new string('x', 1001) } })
            Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse((statement with { Blast = wrong }).ToCanonicalBytes()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rule_and_reason_belong_to_overrides_and_enforcements_and_what_was_shown_to_proposals(DecisionKind kind)
    {
        var statement = SampleStatement.Of(kind);
        var answersGuard = kind is DecisionKind.Override or DecisionKind.Enforcement;
        Refused(statement with { Rule = answersGuard ? null : "critical" });
        if (answersGuard) Refused(statement with { NoteSha256 = null });
        if (kind != DecisionKind.Proposal) Refused(statement with { Blast = new BlastRadius(BlastRadius.Host, false, 0, null, "s") });

        static void Refused(DecisionStatement wrong) => Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(wrong.ToCanonicalBytes()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_prints_a_word_of_its_own_that_reads_back(DecisionKind kind)
    {
        Assert.Equal(Enum.GetNames<DecisionKind>().Length, Enum.GetValues<DecisionKind>().Select(DecisionStatement.Print).Distinct().Count());
        Assert.Equal(kind, DecisionStatement.Parse(SampleStatement.Of(kind).ToCanonicalBytes()).Kind);
    }

    [Fact]
    public void A_field_that_this_version_does_not_know_is_refused()
    {
        const string Problem = "the statement has fields that this version does not know";
        Refused(Problem, Changed(s => s["blast_radius"] = "small"));
        Refused(Problem, Changed(s => s["zzz"] = null));
        Refused(Problem, Changed(s => s[""] = 1));
    }

    [Fact]
    public void A_field_that_is_missing_is_refused_even_where_it_may_be_null()
    {
        foreach (var field in Changed(_ => { }).Select(p => p.Key).ToArray())
            Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(CanonicalJson.Encode(Changed(s => s.Remove(field)))));
    }

    [Fact]
    public void Other_bytes_of_the_same_content_are_refused()
    {
        var bytes = SampleStatement.Of(DecisionKind.Proposal).ToCanonicalBytes();
        var text = Encoding.UTF8.GetString(bytes);
        string[] others =
        [
            text + "\n", " " + text, "\ufeff" + text, text.Replace("\":", "\": ", StringComparison.Ordinal), text.Replace("bad.example", "b\\u0061d.example", StringComparison.Ordinal),
            text.Replace("\"v\":1", "\"v\":1.0", StringComparison.Ordinal), text.Replace("\"v\":1", "\"v\":1e0", StringComparison.Ordinal),
            text.Replace("\"sequence\":2", "\"sequence\":2,\"\\u0073equence\":3", StringComparison.Ordinal), text.Replace("{\"agency\":\"no-kripos\",", "{", StringComparison.Ordinal)[..^1] + ",\"agency\":\"no-kripos\"}",
            text + text, text[..^1],
        ];
        Assert.All(others, other => Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(Encoding.UTF8.GetBytes(other))));
        _ = DecisionStatement.Parse(bytes);
    }

    [Theory]
    [InlineData("type", "\"blocklist-decision/2\"")]
    [InlineData("v", "2")]
    [InlineData("v", "0")]
    [InlineData("kind", "\"pardon\"")]
    [InlineData("kind", "\"suspension\"")]
    [InlineData("criterion", "\"c1\"")]
    [InlineData("outcome", "\"upheld\"")]
    [InlineData("until", "\"2026-12-04T06:00:00Z\"")]
    [InlineData("kind", "\"Proposal\"")]
    [InlineData("kind", "0")]
    [InlineData("scope", "\"url\"")]
    [InlineData("scope", "\"Host\"")]
    [InlineData("name", "\"example\"")]
    [InlineData("name", "\"Bad.example\"")]
    [InlineData("name", "\"bad.example.\"")]
    [InlineData("name", "\"=bad.example\"")]
    [InlineData("name", "\"*.example\"")]
    [InlineData("name", "\"bücher.example\"")]
    [InlineData("name", "\"bad.example \"")]
    [InlineData("name", "\"192.0.2.1\"")]
    [InlineData("id", "\"019AA3B2-0000-7000-8000-000000000002\"")]
    [InlineData("id", "\"019aa3b2000070008000000000000002\"")]
    [InlineData("id", "\"{019aa3b2-0000-7000-8000-000000000002}\"")]
    [InlineData("id", "\" 019aa3b2-0000-7000-8000-000000000002\"")]
    [InlineData("credential", "\"CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC\"")]
    [InlineData("credential", "\"\"")]
    [InlineData("sequence", "0")]
    [InlineData("sequence", "-1")]
    [InlineData("previous", "\"bb\"")]
    [InlineData("decided_at", "\"2026-11-21T06:00:00.000Z\"")]
    [InlineData("decided_at", "\"2026-11-21T07:00:00+01:00\"")]
    [InlineData("sighted_at", "\"yesterday\"")]
    [InlineData("criteria", "\"1\"")]
    [InlineData("reference", "\"INHOPE:1\"")]
    [InlineData("note", "\"text\"")]
    [InlineData("case", "17")]
    [InlineData("supersedes", "17")]
    [InlineData("verdict", "{}")]
    [InlineData("verdict", "[]")]
    [InlineData("verdict", "\"met\"")]
    [InlineData("verdict", """{"c1":"Met"}""")]
    [InlineData("verdict", """{"c1":null}""")]
    [InlineData("verdict", """{"c1":1}""")]
    [InlineData("agency", "null")]
    [InlineData("person", "1")]
    [InlineData("list", "[]")]
    [InlineData("list", "\"Worst-of\"")]
    [InlineData("list", "\"../worst-of\"")]
    public void A_wrong_value_is_refused(string field, string value) =>
        Assert.StartsWith(field == "verdict" ? "" : "statement", Assert.Throws<MalformedDocumentException>(
            () => DecisionStatement.Parse(CanonicalJson.Encode(Changed(s => s[field] = JsonNode.Parse(value))))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_statement_past_the_size_limit_is_refused()
    {
        var sample = SampleStatement.Of(DecisionKind.Proposal);
        var room = DecisionStatement.MaximumLength - sample.ToCanonicalBytes().Length;
        var longest = sample with { Person = sample.Person + new string('x', room) };

        Assert.Equal(longest, DecisionStatement.Parse(longest.ToCanonicalBytes()));
        Refused("a statement is longer than 8192 bytes", JsonNode.Parse((longest with { Person = longest.Person + "x" }).ToCanonicalBytes())!.AsObject());
    }

    [Fact]
    public void Parts_of_a_second_are_never_signed()
    {
        var statement = SampleStatement.Of(DecisionKind.Removal) with { DecidedAt = new(2026, 11, 21, 7, 0, 0, 999, TimeSpan.FromHours(1)) };
        Assert.Equal(SampleStatement.Of(DecisionKind.Removal).ToCanonicalBytes(), statement.ToCanonicalBytes());
    }

    private static JsonObject Changed(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(SampleStatement.Of(DecisionKind.Proposal).ToCanonicalBytes())!.AsObject();
        change(json);
        return json;
    }

    private static void Refused(string problem, JsonObject json) =>
        Assert.Equal(problem, Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(CanonicalJson.Encode(json))).Message);
}
