using System.Globalization;

namespace BlockList.Server.Publishing.Pages;

/// <summary>The last change that was shown, as an address has it: <c>12.3456</c>. It names no name.</summary>
/// <param name="Serial">Of its version.</param>
/// <param name="Id">Of its stretch.</param>
internal readonly record struct ChangeKey(int Serial, long Id)
{
    /// <summary>Before every change.</summary>
    public static ChangeKey Start { get; } = new(int.MaxValue, 0);

    public static ChangeKey Parse(string? text) => text?.Split('.') is [var serial, var id]
        && int.TryParse(serial, NumberStyles.None, CultureInfo.InvariantCulture, out var s) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        ? new ChangeKey(s, i)
        : Start;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Serial}.{Id}");
}
