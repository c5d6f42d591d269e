namespace BlockList.Server.Curation;

/// <summary>How a submission ended.</summary>
internal abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    internal sealed record Accepted(int Decisions) : SubmitOutcome;

    /// <summary>The signature or a statement does not hold, or the person may not decide this; nothing was stored.</summary>
    internal sealed record Refused(string Reason) : SubmitOutcome;

    /// <summary>Someone else changed the same entries, or this person signed elsewhere meanwhile; prepare and sign again.</summary>
    internal sealed record Conflict(string Reason) : SubmitOutcome;

    /// <summary>The same form came twice; nothing was done again. This is what it did the first time.</summary>
    /// <param name="List">The list.</param>
    /// <param name="Kinds">Kinds of the decisions, a space between them.</param>
    /// <param name="Decisions">How many.</param>
    /// <param name="Subject">The entry's handle, where it was about one.</param>
    /// <param name="At">When.</param>
    internal sealed record AlreadySubmitted(string List, string Kinds, int Decisions, Guid? Subject, DateTimeOffset At) : SubmitOutcome;
}
