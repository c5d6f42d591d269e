namespace BlockList.Server.Curation.Work;

/// <summary>Whether something was noted beside an entry.</summary>
internal abstract record WorkOutcome
{
    private WorkOutcome()
    {
    }

    internal sealed record Done : WorkOutcome;

    /// <summary>It stood there already; nothing changed.</summary>
    internal sealed record Unchanged : WorkOutcome;

    /// <summary>Nothing changed; which field, why, and what to do.</summary>
    internal sealed record Refused(string Field, string Reason) : WorkOutcome;
}
