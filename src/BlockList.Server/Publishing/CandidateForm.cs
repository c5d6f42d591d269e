namespace BlockList.Server.Publishing;

/// <summary>How a proposed list comes from what is decided, in the words of the database.</summary>
internal static class CandidateForm
{
    /// <summary>What is decided, and nothing else.</summary>
    public const string Full = "full";

    /// <summary>The version before with a part of what is decided: some entries came that should be there, some are gone that should
    /// not; the rest waits for a slot or for a person.</summary>
    public const string Part = "part";

    /// <summary>The version before, evaluated again: it is still what is decided.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>The version before, signed anew and not evaluated again.</summary>
    public const string Resigned = "resigned";
}
