namespace BlockList.Agent.Applying;

/// <summary>What a resolver's control command said.</summary>
internal sealed record ControlAnswer(bool Succeeded, string Text);
