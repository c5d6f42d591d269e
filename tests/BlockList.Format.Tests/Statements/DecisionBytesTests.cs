using BlockList.Format.Json;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

/// <summary>The fast way to and from the bytes of a decision, against the slow one.</summary>
public sealed class DecisionBytesTests
{
    public static TheoryData<DecisionKind> Kinds => [.. Enum.GetValues<DecisionKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Both_ways_write_and_read_the_same(DecisionKind kind)
    {
        foreach (var statement in Variants(kind))
        {
            var bytes = statement.Encode();
            Assert.Equal(bytes, DecisionBytes.Write(statement));
            Assert.Equal(statement, DecisionBytes.Read(bytes));
            Assert.Equal(statement, DecisionStatement.Decode(bytes));
        }
    }

    [Fact]
    public void What_a_proposer_was_shown_is_read_fast_whatever_its_letters()
    {
        foreach (var sentence in new[] { "Listing it stops 3 names.", "Es trifft bücher.example.", "" })
        {
            var statement = SampleStatement.Of(DecisionKind.Proposal) with { Blast = new BlastRadius(BlastRadius.Host, true, 3, sentence.Length == 0 ? null : 17, sentence) };
            Assert.Null(DecisionBytes.Write(statement));
            Assert.Equal(statement, DecisionBytes.Read(statement.Encode()));
        }
    }

    [Theory]
    [InlineData("say \"met\"")]
    [InlineData("a\\b")]
    [InlineData("Åse")]
    [InlineData("tab\there")]
    public void Texts_that_need_more_are_written_and_read_by_the_slow_way(string person)
    {
        var statement = SampleStatement.Of(DecisionKind.Assessment) with { Person = person };
        Assert.Null(DecisionBytes.Write(statement));
        Assert.Equal(statement.Encode(), statement.ToCanonicalBytes());
        if (!person.Contains('\t', StringComparison.Ordinal)) Assert.Equal(statement, DecisionStatement.Parse(statement.Encode()));
    }

    /// <summary>Whatever the fast way takes, the slow way takes as the same: no byte can be turned so that they differ.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_changed_byte_is_read_otherwise_than_by_the_slow_way(DecisionKind kind)
    {
        var taken = 0;
        foreach (var bytes in Variants(kind).Select(v => v.Encode()))
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                foreach (var other in "\t\"\\,}+-.09afFZ\u0080"u8)
                {
                    var changed = (byte[])bytes.Clone();
                    changed[i] = other;
                    taken += Compare(changed);
                }
                Compare([.. bytes[..i], .. bytes[(i + 1)..]]);
                Compare([.. bytes[..i], bytes[i], .. bytes[i..]]);
                Compare(bytes[..i]);
            }
        }
        Assert.True(taken > 1000, $"only {taken} changes left a statement");
    }

    private static int Compare(byte[] bytes)
    {
        if (DecisionBytes.Read(bytes) is not { } fast) return 0;
        try
        {
            Assert.Equal(fast, DecisionStatement.Decode(bytes));
            return 1;
        }
        catch (MalformedDocumentException problem)
        {
            // What its kind forbids is asked by both afterwards.
            Assert.Equal(problem.Message, Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(bytes)).Message);
            Assert.StartsWith("statement: ", problem.Message, StringComparison.Ordinal);
            return 0;
        }
    }

    private static IEnumerable<DecisionStatement> Variants(DecisionKind kind)
    {
        var sample = SampleStatement.Of(kind);
        yield return sample;
        yield return sample with { Name = SampleStatement.Listed("=www.bad.example"), Case = "C-1", Sequence = (1L << 53) - 1 };
        if (sample.Verdicts is not null) yield return sample with { Verdicts = new Verdicts([new("c1", Verdict.Unknown), new("c10", Verdict.NotMet), new("c2", Verdict.Met)]) };
    }
}
