using BlockList.Format.Json;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

/// <summary>Every combination of the fields that depend on the kind, against the table of what each kind carries.</summary>
public sealed class DecisionKindTests
{
    private enum Field
    {
        Never,
        May,
        Must,
    }

    private static readonly Dictionary<DecisionKind, (Field Verdict, bool OpensEpisode, Field Sighting, Field Supersedes, bool Vote)> Table = new()
    {
        [DecisionKind.Proposal] = (Field.Must, true, Field.Must, Field.Never, true),
        [DecisionKind.Assessment] = (Field.Must, false, Field.May, Field.May, true),
        [DecisionKind.Sighting] = (Field.Never, false, Field.Must, Field.Never, false),
        [DecisionKind.Withdrawal] = (Field.Never, false, Field.Never, Field.Must, true),
        [DecisionKind.Removal] = (Field.Never, false, Field.Never, Field.Never, false),
        [DecisionKind.Override] = (Field.Never, false, Field.Never, Field.Never, false),
        [DecisionKind.Enforcement] = (Field.Never, false, Field.Never, Field.Never, false),
        [DecisionKind.Suspension] = (Field.Never, false, Field.Never, Field.Never, false),
        [DecisionKind.SuspensionEnd] = (Field.Never, false, Field.Never, Field.Never, false),
        [DecisionKind.ComplaintOutcome] = (Field.Never, false, Field.Never, Field.May, false),
    };

    [Fact]
    public void Each_kind_carries_its_fields_and_no_others()
    {
        bool[] both = [false, true];
        var accepted = 0;
        foreach (var (kind, rule) in Table)
        foreach (var verdict in both)
        foreach (var criteria in both)
        foreach (var own in both)
        foreach (var sighted in both)
        foreach (var supersedes in new Guid?[] { null, SampleStatement.Vote, SampleStatement.Id })
        foreach (var sequence in new[] { 1, 2 })
        foreach (var previous in both)
        {
            var statement = SampleStatement.Of(kind) with
            {
                Verdicts = verdict ? SampleStatement.AllMet : null,
                CriteriaSha256 = criteria ? new string('d', 64) : null,
                Episode = own ? SampleStatement.Id : SampleStatement.Episode,
                SightedAt = sighted ? SampleStatement.Of(DecisionKind.Sighting).SightedAt : null,
                Supersedes = supersedes,
                Sequence = sequence,
                Previous = previous ? new string('b', 64) : null,
            };
            var expected = Fits(rule.Verdict, verdict) && Fits(rule.Verdict, criteria) && own == rule.OpensEpisode && Fits(rule.Sighting, sighted)
                && Fits(rule.Supersedes, supersedes is not null) && supersedes != SampleStatement.Id && previous == (sequence > 1);
            Assert.True(expected == IsRead(statement), $"{kind}: verdict {verdict}, criteria {criteria}, own episode {own}, sighted {sighted}, supersedes {supersedes}, sequence {sequence}, previous {previous}");
            if (expected) accepted++;
        }
        // An assessment four ways, an outcome two, each other kind one; each as first and as later statement.
        Assert.Equal((4 + 2 + 8) * 2, accepted);
    }

    [Fact]
    public void Votes_are_what_an_agency_takes_back_or_replaces() =>
        Assert.All(Table, row => Assert.Equal(row.Value.Vote, SampleStatement.Of(row.Key).IsVote));

    [Fact]
    public void References_notes_and_cases_go_with_every_kind() => Assert.All(Table.Keys, kind => Assert.True(IsRead(SampleStatement.Of(kind) with
    {
        ReferenceSha256 = new string('e', 64),
        NoteSha256 = new string('f', 64),
        Case = "C-1",
    })));

    private static bool Fits(Field rule, bool present) => rule == Field.May || present == (rule == Field.Must);

    private static bool IsRead(DecisionStatement statement)
    {
        try
        {
            return DecisionStatement.Parse(statement.ToCanonicalBytes()) == statement;
        }
        catch (MalformedDocumentException problem)
        {
            Assert.StartsWith("statement: ", problem.Message, StringComparison.Ordinal);
            return false;
        }
    }
}
