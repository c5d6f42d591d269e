using System.Globalization;

namespace BlockList.Tools.Benchmarks;

/// <summary>One figure and what it must be; printed as <c>ratio NAME VALUE goal OP VALUE pass|short</c>.</summary>
/// <param name="Name">Of the figure.</param>
/// <param name="Value">As measured.</param>
/// <param name="Bound">What it must not pass.</param>
/// <param name="IsFloor">It must not fall below the bound; else it must not exceed it.</param>
internal sealed record Goal(string Name, double Value, double Bound, bool IsFloor = false)
{
    public bool IsMet => IsFloor ? Value >= Bound : Value <= Bound;

    /// <summary>Prints all goals; the exit code is 1 if one is short.</summary>
    public static int Conclude(params IReadOnlyList<Goal> goals)
    {
        foreach (var goal in goals)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {goal.Name} {goal.Value:0.###} goal {(goal.IsFloor ? ">=" : "<=")} {goal.Bound:0.###} {(goal.IsMet ? "pass" : "short")}"));
        return goals.All(g => g.IsMet) ? 0 : 1;
    }
}
