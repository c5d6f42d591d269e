namespace BlockList.Format.Lists;

/// <summary>
/// How much one version of a list may change before a second person has looked. The publisher holds what exceeds it, and every
/// agent brakes by the same numbers, so that whoever takes the publisher over moves no filter faster.
/// </summary>
public static class StepLimits
{
    /// <summary>Entries that one version may add to a list of <paramref name="entries"/>: 50, or 5 %.</summary>
    public static long MayAdd(int entries) => Math.Max(50, entries * 5L / 100);

    /// <summary>Entries that one version may remove: 50, or 10 %.</summary>
    public static long MayRemove(int entries) => Math.Max(50, entries * 10L / 100);

    /// <summary>Entries that leave a list at once within 24 hours with one signature each: 5, or 0.5 %.</summary>
    public static int UrgentCeiling(int entries) => Math.Max(5, entries / 200);

    /// <summary>How far the serial of a version may stand above the one before: numbers that run further ahead in one go are a
    /// slip, a thief's, or another installation's, and an agent takes them by a person's word alone.</summary>
    public const int FurthestJump = 1000;
}
