namespace BlockList.Tools.Faults;

/// <summary>How many runs of a scenario there were, and what was wrong with any.</summary>
internal sealed class Findings(string scenario)
{
    private readonly List<string> problems = [];

    public string Scenario { get; } = scenario;

    public int Runs { get; private set; }

    /// <summary>Why the scenario was not run, or null.</summary>
    public string? Skipped { get; set; }

    public IReadOnlyList<string> Problems => problems;

    public void Count() => Runs++;

    public void Note(string problem) => problems.Add($"{Scenario}, run {Runs}: {problem}");
}
