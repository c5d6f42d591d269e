namespace BlockList.Server.Http.Pages;

/// <summary>What an entry is to whoever reads the page; for a blind reviewer it is <see cref="Awaiting"/> where others read more.</summary>
public enum EntryState
{
    /// <summary>Waits for an assessment.</summary>
    Awaiting,
    Disputed,
    Eligible,
    Published,
    LapsingSoon,
    Lapsed,
    Removed,
    Suspended,
    Declined,
    Withdrawn,

    /// <summary>Over; how it ended is not for this reader.</summary>
    Closed,

    /// <summary>Not a state of the entry: someone has taken it to work on.</summary>
    Held,
}
