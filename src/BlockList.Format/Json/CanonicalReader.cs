using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace BlockList.Format.Json;

/// <summary>
/// Reads canonical JSON of known shape in one pass. Every byte is matched with the one spelling that it can have, so what is
/// read stands in canonical form. It knows no escapes and no messages: where <see cref="Fails"/> is set, the caller reads the
/// document again by <see cref="CanonicalJson"/>, which takes it after all or says what is wrong with it.
/// </summary>
internal ref struct CanonicalReader(ReadOnlySpan<byte> utf8)
{
    private static readonly SearchValues<byte> EndOfPlainText = SearchValues.Create(
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, (byte)'"', (byte)'\\',
    ]);

    private ReadOnlySpan<byte> rest = utf8;

    /// <summary>Whether something was no plain document; what was read since means nothing.</summary>
    public bool Fails { get; private set; }

    public readonly bool IsAtEnd => rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => rest;

    /// <summary>Takes these bytes if they come next.</summary>
    public bool Skips(ReadOnlySpan<byte> literal)
    {
        if (!rest.StartsWith(literal)) return false;
        rest = rest[literal.Length..];
        return true;
    }

    /// <summary>Takes these bytes, which must come next.</summary>
    public void Expect(ReadOnlySpan<byte> literal) => Fails |= !Skips(literal);

    /// <summary>What was read cannot be.</summary>
    public void Refuse() => Fails = true;

    /// <summary>A text that is there.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> key)
    {
        Expect(key);
        return Quoted();
    }

    /// <summary>A text, or nothing where null stands.</summary>
    public ReadOnlySpan<byte> OptionalText(ReadOnlySpan<byte> key, out bool isNull)
    {
        Expect(key);
        return (isNull = Skips("null"u8)) ? default : Quoted();
    }

    public string Recurring(ReadOnlySpan<byte> key) => RecurringText.Of(Text(key));

    public string? OptionalRecurring(ReadOnlySpan<byte> key) => OptionalText(key, out var isNull) is var text && isNull ? null : RecurringText.Of(text);

    public string? OptionalString(ReadOnlySpan<byte> key) => OptionalText(key, out var isNull) is var text && isNull ? null : Encoding.UTF8.GetString(text);

    public string Sha256(ReadOnlySpan<byte> key) => RecurringText.Of(Hash(Text(key)));

    public string? OptionalSha256(ReadOnlySpan<byte> key, bool recurs = false) =>
        OptionalText(key, out var isNull) is var text && isNull ? null : recurs ? RecurringText.Of(Hash(text)) : Encoding.ASCII.GetString(Hash(text));

    public Guid Id(ReadOnlySpan<byte> key) => ParseId(Text(key));

    public Guid? OptionalId(ReadOnlySpan<byte> key) => OptionalText(key, out var isNull) is var text && isNull ? null : ParseId(text);

    public DateTimeOffset Time(ReadOnlySpan<byte> key) => ParseTime(Text(key));

    public DateTimeOffset? OptionalTime(ReadOnlySpan<byte> key) => OptionalText(key, out var isNull) is var text && isNull ? null : ParseTime(text);

    /// <summary>A whole number from <paramref name="minimum"/> to 2^53-1.</summary>
    public long Integer(ReadOnlySpan<byte> key, long minimum)
    {
        Expect(key);
        if (!Utf8Parser.TryParse(rest, out long number, out var length) || number < minimum || number >= 1L << 53 || rest[0] is (byte)'+' or (byte)'-' || (rest[0] == (byte)'0' && length > 1))
        {
            Fails = true;
            return minimum;
        }
        rest = rest[length..];
        return number;
    }

    public ReadOnlySpan<byte> Quoted()
    {
        if (!Skips("\""u8)) return Nothing();
        var end = rest.IndexOfAny(EndOfPlainText);
        if (end < 0 || rest[end] != (byte)'"' || !Utf8.IsValid(rest[..end])) return Nothing();
        var text = rest[..end];
        rest = rest[(end + 1)..];
        return text;
    }

    private ReadOnlySpan<byte> Nothing()
    {
        Fails = true;
        return default;
    }

    private ReadOnlySpan<byte> Hash(ReadOnlySpan<byte> text) => Hashes.IsSha256(text) ? text : Nothing();

    private Guid ParseId(ReadOnlySpan<byte> text)
    {
        // The parser takes capital digits too.
        Fails |= !Utf8Parser.TryParse(text, out Guid id, out var length, 'D') || length != text.Length || text.ContainsAnyInRange((byte)'A', (byte)'F');
        return id;
    }

    private DateTimeOffset ParseTime(ReadOnlySpan<byte> text)
    {
        Fails |= !Timestamp.TryParse(text, out var time);
        return time;
    }
}
