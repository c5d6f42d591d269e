using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

/// <summary>What may follow what about one complaint, and what an episode makes of it.</summary>
public sealed class ComplaintCaseTests
{
    private static readonly DecisionStatement Suspension = SampleStatement.Of(DecisionKind.Suspension) with { Person = "carlo" };
    private static readonly DecisionStatement End = SampleStatement.Of(DecisionKind.SuspensionEnd) with { Person = "carlo" };
    private static readonly DecisionStatement Upheld = SampleStatement.Of(DecisionKind.ComplaintOutcome) with { Person = "carlo" };
    private static readonly DecisionStatement Rejected = Upheld with { Outcome = ComplaintOutcome.Rejected };
    private static readonly DecisionStatement Appeal = Upheld with { Id = SampleStatement.Vote, Person = "otto", Supersedes = Upheld.Id };

    [Fact]
    public void Suspension_is_ended_once_and_not_made_twice()
    {
        Assert.Null(ComplaintCase.New.FindObjection(Suspension, isOversight: false));
        Assert.Equal(ComplaintObjection.NotSuspended, ComplaintCase.New.FindObjection(End, isOversight: false));
        var suspended = After(Suspension);
        Assert.True(suspended.IsSuspended);
        Assert.Equal(ComplaintObjection.Suspended, suspended.FindObjection(Suspension, isOversight: true));
        Assert.Null(suspended.FindObjection(End, isOversight: false));
        Assert.False(After(Suspension, End).IsSuspended);
        Assert.Null(After(Suspension, End).FindObjection(Suspension, isOversight: false));
    }

    [Fact]
    public void Suspension_ends_with_any_outcome() => Assert.All(Enum.GetValues<ComplaintOutcome>(), outcome => Assert.False(After(Suspension, Upheld with { Outcome = outcome }).IsSuspended));

    [Theory]
    [InlineData(ComplaintOutcome.Upheld)]
    [InlineData(ComplaintOutcome.Cleaned)]
    [InlineData(ComplaintOutcome.Partly)]
    public void What_was_upheld_is_final(ComplaintOutcome outcome)
    {
        var decided = After(Upheld with { Outcome = outcome });
        Assert.All(new[] { Suspension, End, Rejected, Appeal }, next => Assert.Equal(ComplaintObjection.Final, decided.FindObjection(next with { Person = "otto" }, isOversight: true)));
    }

    [Fact]
    public void What_was_rejected_goes_to_oversight_and_never_to_who_rejected_it()
    {
        var rejected = After(Rejected);
        Assert.All(new[] { Suspension, Appeal, Upheld }, next => Assert.Equal(ComplaintObjection.NeedsOversight, rejected.FindObjection(next with { Person = "carla" }, isOversight: false)));
        Assert.Equal(ComplaintObjection.OwnOutcome, rejected.FindObjection(Appeal with { Person = "carlo" }, isOversight: true));
        Assert.Equal(ComplaintObjection.OwnOutcome, rejected.FindObjection(Suspension, isOversight: true));
        Assert.Null(rejected.FindObjection(Appeal, isOversight: true));
        Assert.Null(rejected.FindObjection(Suspension with { Person = "otto" }, isOversight: true));
    }

    [Fact]
    public void Appeal_names_the_outcome_that_it_decides_anew_and_is_the_last_word()
    {
        Assert.Equal(ComplaintObjection.OtherOutcome, ComplaintCase.New.FindObjection(Appeal, isOversight: true));
        Assert.Equal(ComplaintObjection.OtherOutcome, After(Rejected).FindObjection(Appeal with { Supersedes = null }, isOversight: true));
        Assert.Equal(ComplaintObjection.OtherOutcome, After(Rejected).FindObjection(Appeal with { Supersedes = SampleStatement.Episode }, isOversight: true));
        var over = After(Rejected, Appeal with { Outcome = ComplaintOutcome.Rejected });
        Assert.Equal(ComplaintObjection.Final, over.FindObjection(Appeal with { Id = SampleStatement.Episode, Person = "olga", Supersedes = Appeal.Id }, isOversight: true));
    }

    [Fact]
    public void Entry_is_off_the_list_while_any_complaint_about_it_is_decided_and_for_good_when_one_is_upheld()
    {
        var episode = new EpisodeState(SampleStatement.Episode, "worst-of", SampleStatement.Listed("bad.example"));
        Take(Suspension);
        Take(Suspension with { Case = "C-2026-18" });
        Take(End);
        Assert.True(episode.IsSuspendedByComplaint);
        Take(Rejected with { Case = "C-2026-18" });
        Assert.False(episode.IsSuspendedByComplaint || episode.IsClosed);
        Take(Upheld);
        Assert.True(episode.IsUpheld && episode.IsClosed);
        Assert.True(episode.HasDecisionBy("carlo"));
        Assert.False(episode.HasPartBy("carlo", null));

        void Take(DecisionStatement statement) => episode.Take(statement, new RegisteredList { Id = "worst-of", LeaseMonths = 3 }, statement.DecidedAt);
    }

    [Theory]
    [InlineData(DecisionKind.Proposal)]
    [InlineData(DecisionKind.Assessment)]
    [InlineData(DecisionKind.Withdrawal)]
    [InlineData(DecisionKind.Sighting)]
    [InlineData(DecisionKind.Removal)]
    [InlineData(DecisionKind.Override)]
    [InlineData(DecisionKind.Enforcement)]
    public void Whoever_decided_anything_has_a_part_in_it_and_so_has_their_agency(DecisionKind kind)
    {
        var episode = new EpisodeState(SampleStatement.Episode, "worst-of", SampleStatement.Listed("bad.example"));
        episode.Take(SampleStatement.Of(kind), new RegisteredList { Id = "worst-of", LeaseMonths = 3 }, SampleStatement.Of(kind).DecidedAt);
        Assert.True(episode.HasPartBy("no-kripos-1", null));
        Assert.True(episode.HasPartBy("no-kripos-1", "nl-hotline"));
        Assert.True(episode.HasPartBy("somebody", "no-kripos"));
        Assert.False(episode.HasPartBy("somebody", "nl-hotline"));
        Assert.False(episode.HasPartBy("somebody", null));
    }

    private static ComplaintCase After(params DecisionStatement[] statements) => statements.Aggregate(ComplaintCase.New, (complaint, statement) => complaint.After(statement));
}
