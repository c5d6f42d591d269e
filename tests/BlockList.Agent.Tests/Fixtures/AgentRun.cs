namespace BlockList.Agent.Tests.Fixtures;

/// <summary>How one run of the agent ended and what it said.</summary>
internal sealed record AgentRun(int Code, string Results, string Progress)
{
    public AgentRun Ended(ExitCode expected)
    {
        Assert.True(Code == (int)expected, $"exit code {Code} where {(int)expected} ({expected}) is due\n{Results}{Progress}");
        return this;
    }

    public AgentRun Says(string text)
    {
        Assert.Contains(text, Results + Progress, StringComparison.Ordinal);
        return this;
    }
}
