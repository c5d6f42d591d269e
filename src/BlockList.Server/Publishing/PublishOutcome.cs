using BlockList.Format;

namespace BlockList.Server.Publishing;

/// <summary>How a run of publishing ended.</summary>
internal abstract record PublishOutcome
{
    private PublishOutcome()
    {
    }

    /// <summary>A version was committed and is served.</summary>
    internal sealed record Published(Serial Serial, int Count, int Added, int Removed, int LeftOut) : PublishOutcome;

    /// <summary>The list is what it was; no version was made.</summary>
    internal sealed record Unchanged(Serial Serial) : PublishOutcome;

    /// <summary>A gate holds all that would change; people were told.</summary>
    internal sealed record Held(Serial Serial) : PublishOutcome;

    /// <summary>Another publisher committed first; what this run prepared was dropped.</summary>
    internal sealed record Overtaken : PublishOutcome;
}
