namespace BlockList.Agent.Checking;

/// <summary>One thing that was looked at.</summary>
/// <param name="What">In the words of the configuration.</param>
/// <param name="Problem">What is wrong and what to do, or null.</param>
internal sealed record Finding(string What, string? Problem)
{
    public override string ToString() => Problem is null ? $"ok       {What}" : $"PROBLEM  {What}: {Problem}";
}
