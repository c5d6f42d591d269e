namespace BlockList.Server.Complaints.Public;

/// <summary>What became of a complaint so far.</summary>
/// <param name="Steps">Oldest first.</param>
/// <param name="Applied">How far removals have come.</param>
/// <param name="IsProven">Control of the domain is proven.</param>
internal sealed record CaseProgress(IReadOnlyList<CaseStep> Steps, IReadOnlyList<AppliedVersion> Applied, bool IsProven)
{
    /// <summary>Key of what is wrong with what was typed; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>As it was typed, where it could not be taken.</summary>
    public string Typed { get; init; } = "";

    /// <summary>Which form that was: <c>answer</c> or <c>appeal</c>.</summary>
    public string? Form { get; init; }

    /// <summary>The last outcome; null before it.</summary>
    public CaseStep? Decision => Steps.LastOrDefault(step => step.Outcome is not null);

    public bool CanAnswer => Decision is null && Steps.LastOrDefault(step => step.Kind is "question" or "answer")?.Kind == "question";

    public bool CanAppeal => IsProven && Decision is { Kind: "decided", Outcome: "rejected" or "no-entry" } && !Steps.Any(step => step.Kind == "appeal");

    /// <summary>Of the key <c>status.state.…</c>.</summary>
    public string State => Decision is not null && !(Decision.Kind == "decided" && Steps.Any(step => step.Kind == "appeal")) ? "decided"
        : Steps.Any(step => step.Kind == "appeal") ? "appealed" : Steps.Any(step => step.Kind == "answered") ? "answered"
        : Steps.LastOrDefault(step => step.Kind is "suspended" or "suspension-ended")?.Kind == "suspended" ? "suspended" : "open";
}
