using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Verifying;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What the verifier lets through without the word of a person, at the edge of each limit of a list of 1,000 entries.</summary>
public sealed class GateRulesTests
{
    private static readonly ListFile Thousand = Names("old", 1000);

    [Theory]
    [InlineData(50, 0, true)]
    [InlineData(51, 0, false)]
    [InlineData(50, 150, true)]
    [InlineData(50, 151, false)]
    [InlineData(0, 1000, true)]
    public void Additions_of_a_version_and_of_a_day_have_a_limit(int added, int before, bool passes) =>
        Assert.Equal(passes, Find(CandidateForm.Full, Names("new", added), 0, (before, 0)) is null);

    [Theory]
    [InlineData(CandidateForm.Full, 100, 0, true)]
    [InlineData(CandidateForm.Full, 101, 0, false)]
    [InlineData(CandidateForm.Full, 100, 5, true)]
    [InlineData(CandidateForm.Urgent, 5, 0, true)]
    [InlineData(CandidateForm.Urgent, 6, 0, false)]
    [InlineData(CandidateForm.Urgent, 1, 5, false)]
    public void Removals_have_one_that_is_lower_where_they_go_at_once(string form, int removed, int freed, bool passes) =>
        Assert.Equal(passes, Find(form, ListFile.Empty, removed, (0, freed)) is null);

    [Theory]
    [InlineData(CandidateForm.Full, false, false)]
    [InlineData(CandidateForm.Full, true, false)]
    [InlineData(CandidateForm.Urgent, false, false)]
    [InlineData(CandidateForm.Urgent, true, true)]
    public void Last_entries_leave_by_the_owners_word_or_where_they_only_wait_for_an_outcome(string form, bool isSuspended, bool passes) =>
        Assert.Equal(passes, GateRules.FindObjection(form, Names("last", 3), ListFile.Empty, Settled.Nothing, (0, 0), _ => isSuspended) is null);

    [Fact]
    public void Step_of_a_version_counts_what_leaves_at_once_and_not_what_leaves_with_a_slot()
    {
        Assert.Equal(new SignedStep(7, 2, 3, DateTimeOffset.UnixEpoch), StepOf(CandidateForm.Urgent));
        Assert.Equal(new SignedStep(7, 2, 3, DateTimeOffset.UnixEpoch), StepOf(CandidateForm.Broken));
        Assert.Equal(new SignedStep(7, 2, 0, DateTimeOffset.UnixEpoch), StepOf(CandidateForm.Full));
    }

    private static SignedStep StepOf(string form)
    {
        var proposed = ListFile.OfLines(Thousand.Lines.Skip(3).Concat(Names("new", 2).Lines));
        var asked = new Candidate("worst-of", Serial.Create(8), form, 1, DateTimeOffset.UnixEpoch, 1, "", (Serial.Create(7), Thousand.Sha256), proposed.Sha256, null);
        return GateRules.StepOf(asked, Thousand, proposed, Settled.Nothing);
    }

    private static string? Find(string form, ListFile added, int removed, (int Added, int Freed) day) =>
        GateRules.FindObjection(form, Thousand, ListFile.OfLines(Thousand.Lines.Skip(removed).Concat(added.Lines)), Settled.Nothing, day, _ => false);

    private static ListFile Names(string label, int count) => ListFile.OfLines(Enumerable.Range(0, count).Select(i => $"{label}{i}.example"));
}
