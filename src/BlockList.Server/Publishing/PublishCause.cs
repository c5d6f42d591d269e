namespace BlockList.Server.Publishing;

/// <summary>Why a list is published now; null where a person asked for it, or said that a held version is right: then as in a slot.</summary>
internal abstract record PublishCause
{
    private PublishCause()
    {
    }

    /// <summary>Its slot came.</summary>
    internal sealed record Slot(DateTimeOffset At) : PublishCause;

    /// <summary>People decided that something is to leave the list: that alone, and at once.</summary>
    internal sealed record Urgent : PublishCause;
}
