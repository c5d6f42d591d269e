using System.Globalization;

namespace BlockList.Format;

/// <summary>
/// The number of a published version: 1, 2, 3, … It is also the SOA serial of the rendered zone, so it stays
/// below 2^31, where RFC 1982 arithmetic agrees with plain comparison.
/// </summary>
public readonly record struct Serial : IComparable<Serial>
{
    private Serial(int value) => Value = value;

    public int Value { get; }

    /// <summary>The first version of a list.</summary>
    public static Serial First { get; } = new(1);

    /// <exception cref="InvalidOperationException">The number space is used up.</exception>
    public Serial Next() => Value < int.MaxValue
        ? new Serial(Value + 1)
        : throw new InvalidOperationException("the last possible serial is in use");

    public static bool TryCreate(long value, out Serial serial)
    {
        serial = value is > 0 and <= int.MaxValue ? new Serial((int)value) : default;
        return serial.Value > 0;
    }

    /// <exception cref="ArgumentOutOfRangeException">Not from 1 to 2^31-1.</exception>
    public static Serial Create(long value) => TryCreate(value, out var serial)
        ? serial
        : throw new ArgumentOutOfRangeException(nameof(value), value, "a serial is a number from 1 to 2147483647");

    public int CompareTo(Serial other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Serial left, Serial right) => left.Value < right.Value;

    public static bool operator >(Serial left, Serial right) => left.Value > right.Value;

    public static bool operator <=(Serial left, Serial right) => left.Value <= right.Value;

    public static bool operator >=(Serial left, Serial right) => left.Value >= right.Value;
}
