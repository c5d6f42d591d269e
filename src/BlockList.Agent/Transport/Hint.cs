namespace BlockList.Agent.Transport;

/// <summary>What the server says there is. Nobody signed it: it moves the next poll and nothing else.</summary>
internal sealed record Hint(string List, long Version, bool Urgent)
{
    /// <summary>This hint and a later one of the same list as one.</summary>
    public Hint With(Hint later) => later.Version > Version ? later with { Urgent = Urgent || later.Urgent }
        : later.Version == Version ? this with { Urgent = Urgent || later.Urgent }
        : this;
}
