using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

public sealed class NeverBlockStatementTests
{
    private static readonly Guid Other = new("019aa3b2-0000-7000-8000-000000000009");

    public static TheoryData<string> Samples => [.. All.Keys];

    private static Dictionary<string, NeverBlockStatement> All { get; } = new(StringComparer.Ordinal)
    {
        ["add critical"] = Blank,
        ["add by hand"] = Blank with { Source = NeverBlockStatement.Hand, Sequence = 1, Previous = null },
        ["add proven"] = Blank with { Source = NeverBlockStatement.Proven, Proof = Other },
        ["retire"] = Blank with { Action = NeverBlockAction.Retire, Retires = Other },
        ["retire a list"] = Blank with { Action = NeverBlockAction.Retire, Source = NeverBlockStatement.TopSites, Name = null, Retires = Other },
        ["import"] = Blank with { Action = NeverBlockAction.Import, Source = NeverBlockStatement.TopSites, Name = null, FileSha256 = new string('f', 64) },
    };

    private static NeverBlockStatement Blank => new()
    {
        Deployment = "test-deployment",
        Id = SampleStatement.Id,
        Action = NeverBlockAction.Add,
        Source = NeverBlockStatement.Critical,
        Name = SampleStatement.Listed("care.example").Name,
        ReasonSha256 = new string('e', 64),
        Agency = "no-police",
        Person = "anna",
        Credential = new string('c', 64),
        Sequence = 2,
        Previous = new string('b', 64),
        DecidedAt = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_statement_is_read_as_it_was_printed(string sample)
    {
        var bytes = All[sample].ToCanonicalBytes();
        Assert.Equal(All[sample], NeverBlockStatement.Parse(bytes));
        Assert.Equal(bytes, NeverBlockStatement.Parse(bytes).ToCanonicalBytes());
    }

    [Fact]
    public void Fields_that_do_not_fit_the_action_are_refused()
    {
        Refused(Blank with { Source = NeverBlockStatement.TopSites });
        Refused(Blank with { Name = null });
        Refused(Blank with { Retires = Other });
        Refused(Blank with { FileSha256 = new string('f', 64) });
        Refused(Blank with { Proof = Other });
        Refused(All["add proven"] with { Proof = null });
        Refused(All["retire"] with { Retires = null });
        Refused(All["retire"] with { Retires = SampleStatement.Id });
        Refused(All["retire"] with { FileSha256 = new string('f', 64) });
        Refused(All["import"] with { FileSha256 = null });
        Refused(All["import"] with { Source = NeverBlockStatement.Hand });
        Refused(Blank with { Sequence = 1 });
        Refused(Blank with { Previous = null });
        Refused(Blank with { Source = "own" });
    }

    /// <summary>A decision and a statement about the register are signed in one form: neither can be taken for the other.</summary>
    [Fact]
    public void Neither_kind_of_statement_is_read_as_the_other()
    {
        Assert.Throws<MalformedDocumentException>(() => NeverBlockStatement.Parse(SampleStatement.Of(DecisionKind.Removal).ToCanonicalBytes()));
        Assert.Throws<MalformedDocumentException>(() => DecisionStatement.Parse(Blank.ToCanonicalBytes()));
    }

    [Fact]
    public void Unknown_missing_and_otherwise_written_fields_are_refused()
    {
        var json = JsonNode.Parse(Blank.ToCanonicalBytes())!.AsObject();
        foreach (var field in json.Select(p => p.Key).ToArray())
        {
            var without = json.DeepClone().AsObject();
            without.Remove(field);
            Assert.Throws<MalformedDocumentException>(() => NeverBlockStatement.Parse(CanonicalJson.Encode(without)));
        }
        var more = json.DeepClone().AsObject();
        more["zzz"] = null;
        Assert.Throws<MalformedDocumentException>(() => NeverBlockStatement.Parse(CanonicalJson.Encode(more)));
        Assert.Throws<MalformedDocumentException>(() => NeverBlockStatement.Parse(Encoding.UTF8.GetBytes(" " + Encoding.UTF8.GetString(Blank.ToCanonicalBytes()))));
        Assert.Throws<MalformedDocumentException>(() => NeverBlockStatement.Parse(new byte[DecisionStatement.MaximumLength + 1]));
    }

    private static void Refused(NeverBlockStatement wrong) => Assert.Throws<MalformedDocumentException>(() => NeverBlockStatement.Parse(wrong.ToCanonicalBytes()));
}
