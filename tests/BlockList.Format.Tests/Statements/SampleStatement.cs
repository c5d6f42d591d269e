using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Format.Tests.Statements;

/// <summary>One valid statement of each kind.</summary>
internal static class SampleStatement
{
    internal static readonly Guid Id = new("019aa3b2-0000-7000-8000-000000000002");
    internal static readonly Guid Episode = new("019aa3b2-0000-7000-8000-000000000001");
    internal static readonly Guid Vote = new("019aa3b2-0000-7000-8000-00000000000a");

    internal static DecisionStatement Of(DecisionKind kind) => new()
    {
        Deployment = "test-deployment",
        Id = Id,
        Kind = kind,
        List = "worst-of",
        Name = Listed("bad.example"),
        Episode = kind == DecisionKind.Proposal ? Id : Episode,
        Agency = "no-kripos",
        Person = "no-kripos-1",
        Credential = new string('c', 64),
        Sequence = 2,
        Previous = new string('b', 64),
        Verdicts = kind is DecisionKind.Proposal or DecisionKind.Assessment ? AllMet : null,
        CriteriaSha256 = kind is DecisionKind.Proposal or DecisionKind.Assessment ? new string('d', 64) : null,
        SightedAt = kind is DecisionKind.Proposal or DecisionKind.Sighting ? new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero) : null,
        ReferenceSha256 = kind == DecisionKind.Proposal ? new string('e', 64) : null,
        NoteSha256 = kind is DecisionKind.Proposal or DecisionKind.Override or DecisionKind.Enforcement || IsOfComplaint(kind) ? new string('f', 64) : null,
        Rule = kind is DecisionKind.Override or DecisionKind.Enforcement ? "critical" : null,
        Case = kind == DecisionKind.Removal || IsOfComplaint(kind) ? "C-2026-17" : null,
        Criterion = kind == DecisionKind.ComplaintOutcome ? "c2" : null,
        Outcome = kind == DecisionKind.ComplaintOutcome ? ComplaintOutcome.Upheld : null,
        Until = kind == DecisionKind.Suspension ? new(2026, 12, 4, 6, 0, 0, TimeSpan.Zero) : null,
        Supersedes = kind == DecisionKind.Withdrawal ? Vote : null,
        DecidedAt = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero),
    };

    internal static bool IsOfComplaint(DecisionKind kind) => kind is DecisionKind.Suspension or DecisionKind.SuspensionEnd or DecisionKind.ComplaintOutcome;

    internal static Verdicts AllMet => new(new Dictionary<string, Verdict> { ["c1"] = Verdict.Met, ["c2"] = Verdict.Met, ["c3"] = Verdict.Met });

    internal static ListedName Listed(string line) => ListedName.TryParse(line, out var name) ? name : throw new ArgumentException(line);
}
