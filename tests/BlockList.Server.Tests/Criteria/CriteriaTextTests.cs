using BlockList.Server.Criteria;
using Xunit;

namespace BlockList.Server.Tests.Criteria;

public sealed class CriteriaTextTests
{
    [Fact]
    public void The_text_of_worst_of_keeps_its_hash_and_comes_apart_into_its_criteria()
    {
        var accepted = CriteriaTexts.Accept(CriteriaTexts.WorstOf1, 1);
        Assert.Equal("9452b2f5ac6043e712f78bfed51f6c42aec88c2d611e74541ee0371df7f0d0bc", accepted.Sha256);
        var text = CriteriaText.Parse(CriteriaTexts.BuiltIn[accepted.Sha256]);
        Assert.Equal("Criteria of the \"Worst of\" list, version 1", text.Title);
        Assert.Equal("A domain is listed when all of these are met.", text.Before);
        Assert.Equal(["c1", "c2", "c3", "c4", "c5"], text.Criteria.Select(c => c.Id));
        Assert.Equal("The abuse is severe", text.Find("c3").Label);
        Assert.Equal("The abuse is severe: sexual contact, or focus on the genital or anal region.", text.Find("c3").Text);
        Assert.StartsWith("C1 to C3 are decided by a curator", text.After, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CriteriaTexts.WorstOf1)]
    [InlineData(CriteriaTexts.NoNational1)]
    public void Every_criterion_that_a_curator_decides_stands_in_its_text(string name)
    {
        var text = CriteriaText.Parse(CriteriaTexts.Read(name));
        var decided = CriteriaTexts.Accept(name, 1).DecidedByCurator;
        Assert.NotEmpty(decided);
        Assert.All(decided, id => Assert.Contains(text.Criteria, c => c.Id == id && c.Label.Length is > 5 and < 80));
        Assert.True(decided.Count < text.Criteria.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Only a title")]
    [InlineData("A title\nand a sentence.\nC1 with one space is no criterion.")]
    public void A_text_of_another_shape_is_shown_without_criteria(string text)
    {
        var parsed = CriteriaText.Parse(text);
        Assert.Empty(parsed.Criteria);
        Assert.Equal(string.Join(' ', text.Split('\n')), string.Join(' ', new[] { parsed.Title, parsed.Before }.Where(part => part.Length > 0)));
        Assert.Equal(new Criterion("c1", "C1", ""), parsed.Find("c1"));
    }
}
