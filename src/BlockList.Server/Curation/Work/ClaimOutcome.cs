namespace BlockList.Server.Curation.Work;

/// <summary>What came of a claim.</summary>
internal abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    /// <summary>The entry is this person's to work on until then.</summary>
    internal sealed record Held(DateTimeOffset Until) : ClaimOutcome;

    internal sealed record Released : ClaimOutcome;

    /// <summary>A colleague is at work on it.</summary>
    internal sealed record HeldByColleague(string Name, DateTimeOffset Until) : ClaimOutcome;

    /// <summary>Nothing changed; why, and what to do.</summary>
    internal sealed record Refused(string Reason) : ClaimOutcome;
}

/// <summary>One entry of one list.</summary>
internal sealed record EntryAddress(string List, Guid Handle);
