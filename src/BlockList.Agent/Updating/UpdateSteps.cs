namespace BlockList.Agent.Updating;

/// <summary>What a run does with each list.</summary>
[Flags]
internal enum UpdateSteps
{
    /// <summary>Fetch and verify into the state directory.</summary>
    Fetch = 1,

    /// <summary>Put the last verified version in force.</summary>
    Apply = 2,
}
