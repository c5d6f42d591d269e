using BlockList.Format.Statements;
using BlockList.Server.Curation;

namespace BlockList.Server.Publishing.Pages;

/// <summary>One decision of an episode, for whoever may know who decided.</summary>
/// <param name="AgencyName">As people know it.</param>
/// <param name="PersonName">As people know them.</param>
/// <param name="Statement">What they signed.</param>
/// <param name="CriteriaVersion">Under which a verdict was made; null for other kinds, or where the text is not known here.</param>
internal sealed record Decider(string AgencyName, string PersonName, DecisionStatement Statement, int? CriteriaVersion)
{
    public string What => Statement.Kind switch
    {
        DecisionKind.Proposal => "proposed",
        DecisionKind.Assessment => "assessed",
        DecisionKind.Sighting => "saw it again",
        DecisionKind.Withdrawal => "withdrew their agency's vote",
        DecisionKind.Removal => "removed it",
        DecisionKind.Override => $"overrode the never-block register ({GuardRules.Describe(Statement.Rule!)})",
        DecisionKind.Enforcement => $"wants the never-block guard to hold ({GuardRules.Describe(Statement.Rule!)})",
        DecisionKind.Suspension => $"suspended it while complaint {Statement.Case} is decided",
        DecisionKind.SuspensionEnd => $"ended its suspension for complaint {Statement.Case}",
        DecisionKind.ComplaintOutcome => $"decided complaint {Statement.Case}: {ComplaintWords.Print(Statement.Outcome!.Value)}",
        _ => DecisionStatement.Print(Statement.Kind),
    };

    /// <summary>"all met", or what was said of each criterion; empty where there is no verdict.</summary>
    public string Verdict => Statement.Verdicts is not { } verdicts ? ""
        : verdicts.AreMet([.. verdicts.Criteria]) ? "all criteria met"
        : string.Join(", ", verdicts.Criteria.Select(c => $"{c.ToUpperInvariant()} {Words(verdicts[c])}"));

    private static string Words(Verdict verdict) => verdict switch
    {
        Format.Statements.Verdict.Met => "met",
        Format.Statements.Verdict.NotMet => "not met",
        _ => "could not determine",
    };
}
