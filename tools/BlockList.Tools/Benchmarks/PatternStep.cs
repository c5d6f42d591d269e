using BlockList.Format.Statements;

namespace BlockList.Tools.Benchmarks;

/// <summary>One decision in the life of a generated entry.</summary>
/// <param name="Person">Of the demo cast.</param>
/// <param name="Kind">What they decide.</param>
/// <param name="Days">After the proposal.</param>
/// <param name="Verdict">On every criterion; null where the kind has none.</param>
internal sealed record PatternStep(string Person, DecisionKind Kind, double Days, Verdict? Verdict)
{
    /// <summary>Of the sighting, in days after the proposal; null where there is none.</summary>
    public double? SightedDays => Kind is DecisionKind.Proposal or DecisionKind.Sighting ? Days - 0.125 : null;

    public static PatternStep Propose(string person, Verdict verdict = Format.Statements.Verdict.Met) => new(person, DecisionKind.Proposal, 0, verdict);

    public static PatternStep Assess(string person, double days, Verdict verdict = Format.Statements.Verdict.Met) => new(person, DecisionKind.Assessment, days, verdict);

    public static PatternStep See(string person, double days) => new(person, DecisionKind.Sighting, days, null);

    public static PatternStep Withdraw(string person, double days) => new(person, DecisionKind.Withdrawal, days, null);

    public static PatternStep Remove(string person, double days) => new(person, DecisionKind.Removal, days, null);
}
