using BlockList.Format.Lists;
using BlockList.Server.Verifying;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What the verifier lets through without a ledger. Names of one letter stand for entries.</summary>
public sealed class BrokenRulesTests
{
    [Theory]
    [InlineData("abcd", "bcd", "a", 0, null)]
    [InlineData("abcd", "cd", "ab", 0, null)]
    [InlineData("abcd", "bcd", "abcd", 4, null)]
    [InlineData("abcd", "bcd", "", 0, "were not removed by a release officer")]
    [InlineData("abcd", "cd", "a", 0, "1 of the entries")]
    [InlineData("abcd", "bcdx", "a", 0, "adds 1")]
    [InlineData("abcd", "abcd", "a", 0, "removes nothing")]
    [InlineData("abcd", "", "abcd", 0, "empties the list")]
    [InlineData("abcd", "bcd", "abcd", 5, "5 may go within a day")]
    [InlineData("abcdefgh", "gh", "abcdefgh", 0, "5 may go within a day")]
    public void List_is_judged_by_removals_alone(string previous, string proposed, string mayGo, int freed, string? objection)
    {
        var found = BrokenRules.FindObjection(List(previous), List(proposed), List(mayGo), freed);
        if (objection is null) Assert.Null(found);
        else Assert.Contains(objection, found, StringComparison.Ordinal);
    }

    private static ListFile List(string letters) => ListFile.OfLines(letters.Select(letter => $"{letter}.example"));
}
