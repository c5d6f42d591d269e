using BlockList.Agent.State;
using BlockList.Format.Json;

namespace BlockList.Agent.Enforcing;

/// <summary>A clock that shows a time before something verified was signed. By such a clock nothing is expired and everything is
/// fresh, so neither is believed.</summary>
internal static class EarlyClock
{
    /// <summary>Two clocks that are kept by network time differ by less.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    public static bool Is(DateTimeOffset now, VersionMemory? memory) => memory?.NewestSigned is { } signed && now < signed - Tolerance;

    public static string Sentence(DateTimeOffset now, VersionMemory memory) =>
        $"EARLY CLOCK: this machine says {Timestamp.Format(now)}, but verified metadata was signed at {Timestamp.Format(memory.NewestSigned!.Value)}. " +
        "Nothing is concluded from dates: old metadata could pass for fresh. What is verified is applied. Set the clock, and keep it by network time";
}
