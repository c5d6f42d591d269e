using BlockList.Format.Lists;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Verifying;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What a list of each form must be. Names of one letter stand for entries; those in capitals are out because their lease ran out.</summary>
public sealed class FormRulesTests
{
    [Theory]
    // Full: what is decided, whatever was there before.
    [InlineData(CandidateForm.Full, "abc", "bcd", "bcd", true)]
    [InlineData(CandidateForm.Full, "", "a", "a", true)]
    [InlineData(CandidateForm.Full, "abc", "bcd", "bc", false)]
    [InlineData(CandidateForm.Full, "abc", "bcd", "abcd", false)]
    [InlineData(CandidateForm.Full, "abc", "bcd", "bcx", false)]
    // Urgent: the version before without some that decisions took off; lapsed ones wait.
    [InlineData(CandidateForm.Urgent, "abcD", "bx", "bcD", true)]
    [InlineData(CandidateForm.Urgent, "abcD", "bx", "bD", true)]
    [InlineData(CandidateForm.Urgent, "abcD", "bx", "bc", false)]
    [InlineData(CandidateForm.Urgent, "abcD", "bx", "acD", false)]
    [InlineData(CandidateForm.Urgent, "abcD", "bx", "bcDx", false)]
    [InlineData(CandidateForm.Urgent, "abcD", "bx", "bcDy", false)]
    [InlineData(CandidateForm.Urgent, "abcD", "bx", "abcD", false)]
    // Unchanged: still what is decided. Resigned: the same, whatever is decided.
    [InlineData(CandidateForm.Unchanged, "ab", "ab", "ab", true)]
    [InlineData(CandidateForm.Unchanged, "ab", "a", "ab", false)]
    [InlineData(CandidateForm.Unchanged, "ab", "abc", "ab", false)]
    [InlineData(CandidateForm.Unchanged, "ab", "a", "a", false)]
    [InlineData(CandidateForm.Resigned, "ab", "a", "ab", true)]
    [InlineData(CandidateForm.Resigned, "ab", "a", "a", false)]
    // Partial: nothing that is not decided comes, nothing that is goes; removals wait only where they are very many, or all there is.
    [InlineData(CandidateForm.Partial, "abc", "bcdef", "bcd", true)]
    [InlineData(CandidateForm.Partial, "abc", "bcdef", "bcx", false)]
    [InlineData(CandidateForm.Partial, "abc", "bcdef", "c", false)]
    [InlineData(CandidateForm.Partial, "abc", "bcdef", "abcd", false)]
    [InlineData(CandidateForm.Partial, "abc", "", "abc", true)]
    [InlineData("whatever", "a", "a", "a", false)]
    public void List_is_what_its_form_says(string form, string previous, string decided, string proposed, bool holds) =>
        Assert.Equal(holds, FormRules.FindObjection(form, List(previous), List(decided), List(proposed), Settled.Nothing, IsDecided) is null);

    [Fact]
    public void Removal_waits_where_a_person_discarded_it()
    {
        Assert.Null(FormRules.FindObjection(CandidateForm.Partial, List("abc"), List("bc"), List("abc"), Settled.Nothing with { DiscardedRemovals = List("a") }, _ => true));
        Assert.NotNull(FormRules.FindObjection(CandidateForm.Partial, List("abc"), List("bc"), List("abc"), Settled.Nothing with { DiscardedRemovals = List("b") }, _ => true));
    }

    [Fact]
    public void What_only_lapsed_leaves_at_once_where_a_person_confirmed_it()
    {
        Assert.Null(FormRules.FindObjection(CandidateForm.Urgent, List("abcD"), List("bx"), List("bc"), Settled.Nothing with { ConfirmedRemovals = List("D") }, IsDecided));
        Assert.NotNull(FormRules.FindObjection(CandidateForm.Urgent, List("abCD"), List("bx"), List("b"), Settled.Nothing with { ConfirmedRemovals = List("D") }, IsDecided));
        // A word on an entry that is decided still frees nothing.
        Assert.NotNull(FormRules.FindObjection(CandidateForm.Urgent, List("abcD"), List("bx"), List("acD"), Settled.Nothing with { ConfirmedRemovals = List("b") }, IsDecided));
    }

    [Fact]
    public void Removals_wait_where_they_are_more_than_may_go_at_once()
    {
        var before = ListFile.OfLines(Enumerable.Range(0, 200).Select(i => $"n{i}.example"));
        var decided = ListFile.OfLines(Enumerable.Range(51, 149).Select(i => $"n{i}.example"));
        Assert.Null(FormRules.FindObjection(CandidateForm.Partial, before, decided, before, Settled.Nothing, _ => true));
        Assert.NotNull(FormRules.FindObjection(CandidateForm.Partial, before, decided.Union(ListFile.OfLines(["n0.example"])), before, Settled.Nothing, _ => true));
    }

    [Fact]
    public void List_is_evaluated_again_while_nothing_but_held_or_discarded_additions_wait()
    {
        var many = List("ab").Union(ListFile.OfLines(Enumerable.Range(0, 51).Select(i => $"n{i}.example")));
        Assert.Null(FormRules.FindObjection(CandidateForm.Unchanged, List("ab"), many, List("ab"), Settled.Nothing, _ => true));
        Assert.NotNull(FormRules.FindObjection(CandidateForm.Unchanged, List("ab"), many.Except(List("a")), List("ab"), Settled.Nothing, _ => true));
        Assert.Null(FormRules.FindObjection(CandidateForm.Unchanged, List("ab"), List("abc"), List("ab"), Settled.Nothing with { DiscardedAdditions = List("c") }, _ => true));
    }

    [Fact]
    public void Objection_counts_and_never_names()
    {
        var objection = FormRules.FindObjection(CandidateForm.Full, List(""), List("a"), List("xy"), Settled.Nothing, _ => true);
        Assert.Equal("the list differs from what is decided: it has 2 entries too many and 1 too few.", objection);
    }

    private static bool IsDecided(string line) => !line.StartsWith("lapsed", StringComparison.Ordinal);

    private static ListFile List(string letters) => ListFile.OfLines(letters.Select(letter => char.IsUpper(letter) ? $"lapsed-{char.ToLowerInvariant(letter)}.example" : $"{letter}.example"));
}
