namespace BlockList.Format.Statements;

/// <summary>One complaint about one entry, as far as it was decided.</summary>
/// <param name="IsSuspended">The entry is off the list while this complaint is decided.</param>
/// <param name="First">The first outcome; null before it.</param>
/// <param name="Appeal">What the appeal against it came to; null before that.</param>
public sealed record ComplaintCase(bool IsSuspended, ComplaintCase.Word? First, ComplaintCase.Word? Appeal)
{
    /// <summary>Nobody decided anything yet.</summary>
    public static ComplaintCase New { get; } = new(false, null, null);

    /// <summary>Why a decision does not fit what was decided before of the same complaint, or null. Once there is an outcome, all that
    /// is left is one appeal against a rejection, to oversight, by somebody else.</summary>
    /// <param name="statement">About this complaint.</param>
    /// <param name="isOversight">Whether whoever signed it holds that role.</param>
    public ComplaintObjection? FindObjection(DecisionStatement statement, bool isOversight)
    {
        if (Appeal is not null || First is { Outcome: not ComplaintOutcome.Rejected }) return ComplaintObjection.Final;
        if (First is { } first)
        {
            if (!isOversight) return ComplaintObjection.NeedsOversight;
            if (first.Person == statement.Person) return ComplaintObjection.OwnOutcome;
        }
        if (statement.Kind == DecisionKind.ComplaintOutcome) return statement.Supersedes == First?.Decision ? null : ComplaintObjection.OtherOutcome;
        if (statement.Kind == DecisionKind.Suspension) return IsSuspended ? ComplaintObjection.Suspended : null;
        return IsSuspended ? null : ComplaintObjection.NotSuspended;
    }

    /// <summary>After a decision that fits. A suspension holds until its complaint is decided, whatever it comes to.</summary>
    public ComplaintCase After(DecisionStatement statement)
    {
        if (statement.Outcome is not { } outcome) return this with { IsSuspended = statement.Kind == DecisionKind.Suspension };
        var word = new Word(statement.Id, statement.Person, outcome);
        return First is null ? new ComplaintCase(false, word, null) : new ComplaintCase(false, First, word);
    }

    /// <param name="Decision">Id of the statement.</param>
    /// <param name="Person">Who signed it.</param>
    /// <param name="Outcome">What it says.</param>
    public sealed record Word(Guid Decision, string Person, ComplaintOutcome Outcome);
}
