namespace BlockList.Server.Publishing;

/// <summary>How a proposed list comes from what is decided, in the words of the database.</summary>
internal static class CandidateForm
{
    /// <summary>What is decided, and nothing else.</summary>
    public const string Full = "full";

    /// <summary>The version before with some of what is decided; a gate or a person holds the rest.</summary>
    public const string Partial = "partial";

    /// <summary>The version before without some entries that decisions took off it.</summary>
    public const string Urgent = "urgent";

    /// <summary>The version before, evaluated again: all of it is still decided. Additions that a gate holds may wait.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>The version before, signed anew and not evaluated again.</summary>
    public const string Resigned = "resigned";

    /// <summary>The version before without some entries that release officers removed, each by their own signature: the publisher's
    /// ledger does not hold, and has no say in it.</summary>
    public const string Broken = "broken";

    /// <summary>Whether the list stays the one of the version before.</summary>
    public static bool KeepsList(string form) => form is Unchanged or Resigned;
}
