namespace BlockList.Server.Verifying;

/// <summary>What a signed version changed that nobody had confirmed.</summary>
/// <param name="Previous">The version that it went on from, or 0.</param>
/// <param name="Added">Entries that it added.</param>
/// <param name="Freed">Entries that it took off at once; 0 where it waited for the slot.</param>
/// <param name="At">The instant it was derived for.</param>
internal sealed record SignedStep(int Previous, int Added, int Freed, DateTimeOffset At)
{
    public static SignedStep Nothing { get; } = new(0, 0, 0, DateTimeOffset.MinValue);

    /// <summary>
    /// What the versions of a day that led to one added up to: a limit for each alone would be none for whoever makes many. A version
    /// that was signed and passed over, because its publisher died, led to nothing and does not count.
    /// </summary>
    /// <param name="steps">By serial.</param>
    /// <param name="to">The version.</param>
    /// <param name="at">The end of the day.</param>
    public static (int Added, int Freed) SumOfDay(IReadOnlyDictionary<int, SignedStep> steps, int to, DateTimeOffset at)
    {
        var (added, freed) = (0, 0);
        for (var serial = to; steps.TryGetValue(serial, out var step) && step.Previous < serial; serial = step.Previous)
        {
            if (step.At <= at.AddDays(-1)) continue;
            (added, freed) = (added + step.Added, freed + step.Freed);
        }
        return (added, freed);
    }
}
