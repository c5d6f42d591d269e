using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

/// <summary>Statements of decisions about complaints, and what is none.</summary>
public sealed class ComplaintStatementTests
{
    public static TheoryData<DecisionKind> Kinds => [.. Enum.GetValues<DecisionKind>()];

    private static readonly DecisionStatement Suspension = SampleStatement.Of(DecisionKind.Suspension);
    private static readonly DecisionStatement Outcome = SampleStatement.Of(DecisionKind.ComplaintOutcome);

    [Fact]
    public void The_bytes_of_an_outcome_are_these() => Assert.Equal("""
        {"agency":null,"case":"BL-7KQ4M2XW","credential":"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc","criteria":null,"criterion":"c2","decided_at":"2026-11-21T06:00:00Z","deployment":"test-deployment","episode":"019aa3b2-0000-7000-8000-000000000001","id":"019aa3b2-0000-7000-8000-000000000002","kind":"complaint-outcome","list":"worst-of","name":"bad.example","note":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff","outcome":"upheld","person":"carlo","previous":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","reference":null,"scope":"domain","sequence":2,"sighted_at":null,"supersedes":null,"type":"blocklist-decision","v":1,"verdict":null}
        """, Encoding.UTF8.GetString((Outcome with { Agency = null, Person = "carlo", Case = "BL-7KQ4M2XW" }).ToCanonicalBytes()));

    [Fact]
    public void The_day_by_which_it_is_to_be_decided_stands_before_the_version_of_the_format() =>
        Assert.Contains("\"type\":\"blocklist-decision\",\"until\":\"2026-12-04T06:00:00Z\",\"v\":1,", Encoding.UTF8.GetString(Suspension.ToCanonicalBytes()), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Only_people_who_decide_about_complaints_belong_to_no_agency(DecisionKind kind)
    {
        var statement = SampleStatement.Of(kind) with { Agency = null };
        if (SampleStatement.IsOfComplaint(kind)) Assert.Null(Read(statement).Agency);
        else Refused("statement: people of no agency decide about complaints only", statement);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_belongs_to_complaints_stands_nowhere_else(DecisionKind kind)
    {
        var statement = SampleStatement.Of(kind);
        if (kind != DecisionKind.Suspension) Refused("statement: a suspension, and nothing else", statement with { Until = statement.DecidedAt.AddDays(1) });
        if (kind != DecisionKind.ComplaintOutcome) Refused("statement: a complaint outcome, and nothing else", statement with { Outcome = ComplaintOutcome.Rejected });
        if (kind is DecisionKind.Suspension or DecisionKind.ComplaintOutcome) Assert.Equal("c3", Read(statement with { Criterion = "c3" }).Criterion);
        else Refused("statement: suspensions and outcomes can name a criterion", statement with { Criterion = "c2" });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bl-7kq4m2xw")]
    [InlineData("owner@bad.example")]
    [InlineData("BAD.EXAMPLE")]
    [InlineData("BL 7KQ4M2XW")]
    [InlineData("BL-\u0410")]
    [InlineData("BL-0123456789ABCDEF-0123456789ABCDEF")]
    public void Complaint_is_named_by_its_reference_and_by_nothing_that_says_whose_it_is(string? reference)
    {
        foreach (var kind in Enum.GetValues<DecisionKind>().Where(SampleStatement.IsOfComplaint))
            Refused("statement: decisions about complaints name the complaint and give a reason", SampleStatement.Of(kind) with { Case = reference });
    }

    [Fact]
    public void Every_decision_about_a_complaint_gives_a_reason()
    {
        foreach (var kind in Enum.GetValues<DecisionKind>().Where(SampleStatement.IsOfComplaint))
            Refused("statement: decisions about complaints name the complaint and give a reason", SampleStatement.Of(kind) with { NoteSha256 = null });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((31 * 86_400) + 1)]
    public void Suspension_says_a_day_within_31_days(int seconds) =>
        Refused("statement: a complaint is to be decided after its suspension and within 31 days", Suspension with { Until = Suspension.DecidedAt.AddSeconds(seconds) });

    [Theory]
    [InlineData(1)]
    [InlineData(31 * 86_400)]
    public void Suspension_of_any_time_up_to_that_is_read(int seconds) => Read(Suspension with { Until = Suspension.DecidedAt.AddSeconds(seconds) });

    [Fact]
    public void Suspension_without_a_day_and_outcome_without_a_word_are_refused()
    {
        Refused("statement: a suspension, and nothing else", Suspension with { Until = null });
        Refused("statement: a complaint outcome, and nothing else", Outcome with { Outcome = null });
    }

    [Fact]
    public void Every_outcome_prints_a_word_of_its_own_that_reads_back()
    {
        foreach (var outcome in Enum.GetValues<ComplaintOutcome>()) Assert.Equal(outcome, Read(Outcome with { Outcome = outcome }).Outcome);
        Assert.Equal(4, Enum.GetValues<ComplaintOutcome>().Select(ComplaintWords.Print).Distinct().Count());
    }

    [Fact]
    public void Entry_of_one_host_cannot_be_narrowed()
    {
        var host = Outcome with { Name = SampleStatement.Listed("=www.bad.example") };
        Refused("statement: an entry of one host cannot be narrowed", host with { Outcome = ComplaintOutcome.Partly });
        Read(host with { Outcome = ComplaintOutcome.Cleaned });
    }

    [Theory]
    [InlineData("C2")]
    [InlineData("")]
    [InlineData("c-2")]
    [InlineData("under thirteen")]
    [InlineData("c0123456789012345")]
    public void Criterion_is_named_by_its_id(string criterion) => Refused("statement: suspensions and outcomes can name a criterion", Outcome with { Criterion = criterion });

    [Theory]
    [InlineData("\"outcome\":\"upheld\"", "\"outcome\":\"Upheld\"")]
    [InlineData("\"outcome\":\"upheld\"", "\"outcome\":\"\"")]
    [InlineData("\"outcome\":\"upheld\"", "\"outcome\":1")]
    [InlineData("\"outcome\":\"upheld\"", "\"outcome\":null")]
    [InlineData("\"criterion\":\"c2\"", "\"criterion\":null")]
    [InlineData("\"criterion\":\"c2\"", "\"criterion\":[\"c2\"]")]
    [InlineData("\"type\":\"blocklist-decision\"", "\"type\":\"blocklist-decision\",\"until\":null")]
    [InlineData("\"case\":\"C-2026-17\"", "\"case\":17")]
    [InlineData("\"agency\":\"no-kripos\"", "\"agency\":0")]
    public void Another_spelling_of_a_member_is_refused(string found, string other)
    {
        var text = Encoding.UTF8.GetString(Outcome.ToCanonicalBytes());
        Assert.Contains(found, text, StringComparison.Ordinal);
        Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(Encoding.UTF8.GetBytes(text.Replace(found, other, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("\"until\":\"2026-12-04\"")]
    [InlineData("\"until\":\"2026-12-04T06:00:00+00:00\"")]
    [InlineData("\"until\":1")]
    public void Another_spelling_of_the_day_is_refused(string other) => Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Suspension.ToCanonicalBytes()).Replace("\"until\":\"2026-12-04T06:00:00Z\"", other, StringComparison.Ordinal))));

    private static DecisionStatement Read(DecisionStatement statement)
    {
        var read = DecisionStatement.Parse(statement.ToCanonicalBytes());
        Assert.Equal(statement, read);
        Assert.Equal(statement.Encode(), statement.ToCanonicalBytes());
        return read;
    }

    private static void Refused(string problem, DecisionStatement statement) =>
        Assert.StartsWith(problem, Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(statement.ToCanonicalBytes())).Message, StringComparison.Ordinal);
}
