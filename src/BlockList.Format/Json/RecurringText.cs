using System.Buffers.Binary;
using System.Text;

namespace BlockList.Format.Json;

/// <summary>Texts that stand in statement after statement, such as agencies, people and hashes of criteria: a million
/// decisions then share one copy of each. A place holds what came last; that two threads write at once costs a copy.</summary>
public static class RecurringText
{
    private const int LongestKept = 64;
    private static readonly string?[] Kept = new string?[4096];

    /// <summary>The text of UTF-8 bytes.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestKept) return Encoding.UTF8.GetString(utf8);
        ref var place = ref Kept[PlaceOf(utf8)];
        return place is { } known && Ascii.Equals(utf8, known) ? known : place = Encoding.UTF8.GetString(utf8);
    }

    private static uint PlaceOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> ends = stackalloc byte[16];
        utf8[..Math.Min(8, utf8.Length)].CopyTo(ends);
        utf8[^Math.Min(8, utf8.Length)..].CopyTo(ends[8..]);
        var mixed = (BinaryPrimitives.ReadUInt64LittleEndian(ends) * 0x9E3779B97F4A7C15) ^ (BinaryPrimitives.ReadUInt64LittleEndian(ends[8..]) * 0xBF58476D1CE4E5B9) ^ (ulong)utf8.Length;
        return (uint)((mixed * 0x94D049BB133111EB) >> 52);
    }
}
