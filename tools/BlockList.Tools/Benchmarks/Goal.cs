using System.Globalization;

namespace BlockList.Tools.Benchmarks;

/// <summary>One figure and what it must be; printed as <c>ratio NAME VALUE goal OP VALUE pass|short</c>.</summary>
internal sealed record Goal(string Name, double Value, double AtMost)
{
    public bool IsMet => Value <= AtMost;

    /// <summary>Prints all goals; the exit code is 1 if one is short.</summary>
    public static int Conclude(params IReadOnlyList<Goal> goals)
    {
        foreach (var goal in goals)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {goal.Name} {goal.Value:0.###} goal <= {goal.AtMost:0.###} {(goal.IsMet ? "pass" : "short")}"));
        return goals.All(g => g.IsMet) ? 0 : 1;
    }
}
