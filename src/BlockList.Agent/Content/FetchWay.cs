namespace BlockList.Agent.Content;

/// <summary>How the newest content came here.</summary>
internal enum FetchWay
{
    /// <summary>It was here already.</summary>
    Current,

    Deltas,

    Whole,
}
