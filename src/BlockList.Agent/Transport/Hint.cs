namespace BlockList.Agent.Transport;

/// <summary>What the server says there is. Nobody signed it: it moves the next poll and nothing else.</summary>
internal sealed record Hint(string List, long Version, bool Urgent);
