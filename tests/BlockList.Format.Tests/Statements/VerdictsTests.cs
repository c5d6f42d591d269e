using BlockList.Format.Json;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

public sealed class VerdictsTests
{
    private static readonly string[] Asked = ["c1", "c2", "c3"];

    [Fact]
    public void Only_a_verdict_of_met_on_each_criterion_counts()
    {
        Assert.True(Of("c1=met c2=met c3=met").AreMet(Asked));
        Assert.False(Of("c1=met c2=not_met c3=met").AreMet(Asked));
        Assert.False(Of("c1=unknown c2=met c3=met").AreMet(Asked));
        Assert.False(Of("c1=unknown c2=unknown c3=unknown").AreMet(Asked));
    }

    [Fact]
    public void A_shortened_verdict_never_counts()
    {
        Assert.False(Of("c1=met c2=met").AreMet(Asked));
        Assert.False(Of("").AreMet(Asked));
        Assert.False(Of("c1=met c2=met c4=met").AreMet(Asked));
        Assert.False(Of("C1=met c2=met c3=met").AreMet(Asked));
    }

    [Fact]
    public void A_verdict_on_more_than_was_asked_never_counts()
    {
        Assert.False(Of("c1=met c2=met c3=met c4=met").AreMet(Asked));
        Assert.False(Of("c1=met c2=met c3=met c4=not_met").AreMet(Asked));
    }

    [Fact]
    public void Where_no_criterion_is_asked_nothing_counts()
    {
        Assert.False(Of("").AreMet([]));
        Assert.False(Of("c1=met").AreMet([]));
    }

    [Fact]
    public void A_criterion_asked_twice_makes_no_room_for_another()
    {
        Assert.False(Of("c1=met c9=met").AreMet(["c1", "c1"]));
        Assert.False(Of("c1=met c9=met").Covers(["c1", "c1"]));
        Assert.False(Of("c1=met").Covers(["c1", "c1"]));
    }

    [Fact]
    public void Covering_asks_for_the_criteria_and_not_for_the_verdicts()
    {
        Assert.True(Of("c3=unknown c1=met c2=not_met").Covers(Asked));
        Assert.True(Of("").Covers([]));
        Assert.False(Of("c1=met c2=met").Covers(Asked));
        Assert.False(Of("c1=met c2=met c3=met c4=met").Covers(Asked));
    }

    [Fact]
    public void One_not_met_is_found_and_unknown_is_not_one()
    {
        Assert.True(Of("c1=met c2=not_met").AnyNotMet);
        Assert.False(Of("c1=met c2=unknown").AnyNotMet);
        Assert.False(Of("").AnyNotMet);
    }

    [Fact]
    public void Verdicts_are_equal_by_content_in_any_order()
    {
        Assert.Equal(Of("c1=met c2=unknown"), Of("c2=unknown c1=met"));
        Assert.Equal(Of("c1=met c2=unknown").GetHashCode(), Of("c2=unknown c1=met").GetHashCode());
        Assert.NotEqual(Of("c1=met"), Of("c1=unknown"));
        Assert.NotEqual(Of("c1=met"), Of("c1=met c2=met"));
        Assert.Equal(["c1", "c2"], Of("c2=met c1=unknown").Criteria);
        Assert.Equal(Verdict.Unknown, Of("c2=met c1=unknown")["c1"]);
    }

    [Theory]
    [InlineData("met", true)]
    [InlineData("not_met", true)]
    [InlineData("unknown", true)]
    [InlineData("Met", false)]
    [InlineData("met ", false)]
    [InlineData("could not determine", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Three_words_are_verdicts(string? text, bool expected)
    {
        Assert.Equal(expected, Verdicts.TryParse(text, out var verdict));
        if (expected) Assert.Equal(text, Verdicts.Print(verdict));
    }

    [Fact]
    public void A_statement_holds_sixteen_verdicts_and_no_more_and_never_says_whose()
    {
        var sixteen = SampleStatement.Of(DecisionKind.Proposal) with { Verdicts = Of(string.Join(' ', Enumerable.Range(1, 16).Select(i => $"c{i}=met"))) };
        Assert.Equal(sixteen, DecisionStatement.Parse(sixteen.ToCanonicalBytes()));

        var more = sixteen with { Verdicts = Of(string.Join(' ', Enumerable.Range(1, 17).Select(i => $"c{i}=met"))) };
        Assert.Equal("the verdict names no criterion, or too many", Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(more.ToCanonicalBytes())).Message);

        var named = System.Text.Encoding.UTF8.GetString(sixteen.ToCanonicalBytes()).Replace("\"c16\":\"met\"", "\"c16 bad.example\":\"maybe\"", StringComparison.Ordinal);
        Assert.Equal("a verdict is not met, not_met or unknown",
            Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(System.Text.Encoding.UTF8.GetBytes(named))).Message);
    }

    private static Verdicts Of(string text) => new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).Select(pair =>
        Verdicts.TryParse(pair[1], out var verdict) ? KeyValuePair.Create(pair[0], verdict) : throw new ArgumentException(text)));
}
