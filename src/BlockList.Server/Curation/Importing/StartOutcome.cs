namespace BlockList.Server.Curation.Importing;

/// <summary>Whether work on an import began.</summary>
internal abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <param name="Done">When it has come to its end.</param>
    internal sealed record Started(Task Done) : StartOutcome;

    /// <summary>Somebody began it before, or the import is past it: its page says which.</summary>
    internal sealed record Past : StartOutcome;

    /// <param name="Reason">What keeps it from beginning; nothing was changed.</param>
    internal sealed record Refused(string Reason) : StartOutcome;
}
