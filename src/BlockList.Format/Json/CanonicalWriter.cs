using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace BlockList.Format.Json;

/// <summary>
/// Writes canonical JSON of known shape piece by piece, many times faster than by way of a tree. It writes plain text only,
/// printable ASCII without quotation mark and backslash; any other turns <see cref="IsPlain"/> off, and the caller takes
/// <see cref="CanonicalJson"/> instead.
/// </summary>
internal ref struct CanonicalWriter(Span<byte> room)
{
    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly Span<byte> room = room;
    private int written;

    /// <summary>Whether everything so far could be written, and fitted.</summary>
    public bool IsPlain { get; private set; } = true;

    public readonly ReadOnlySpan<byte> Written => room[..written];

    /// <summary>Bytes as they are: a key and what stands around it.</summary>
    public void Raw(ReadOnlySpan<byte> literal)
    {
        if (Fits(literal.Length)) literal.CopyTo(room[written..]);
        if (IsPlain) written += literal.Length;
    }

    public void Text(ReadOnlySpan<byte> key, string? text)
    {
        Raw(key);
        if (text is null) Raw("null"u8);
        else Quoted(text);
    }

    public void Id(ReadOnlySpan<byte> key, Guid? id)
    {
        Raw(key);
        if (id is not { } value)
        {
            Raw("null"u8);
            return;
        }
        if (!Fits(38)) return;
        room[written] = room[written + 37] = (byte)'"';
        _ = Utf8Formatter.TryFormat(value, room[(written + 1)..], out _);
        written += 38;
    }

    public void Integer(ReadOnlySpan<byte> key, long number)
    {
        Raw(key);
        if (!Fits(20)) return;
        if (number is < 0 or >= 1L << 53) IsPlain = false;
        else written += Utf8Formatter.TryFormat(number, room[written..], out var length) ? length : 0;
    }

    public void Time(ReadOnlySpan<byte> key, DateTimeOffset? time)
    {
        Raw(key);
        if (time is not { } value)
        {
            Raw("null"u8);
            return;
        }
        if (!Fits(Timestamp.Length + 2)) return;
        room[written] = room[written + Timestamp.Length + 1] = (byte)'"';
        Timestamp.Format(value, room[(written + 1)..]);
        written += Timestamp.Length + 2;
    }

    public void Quoted(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(PlainCharacters)) IsPlain = false;
        if (!Fits(text.Length + 2)) return;
        room[written++] = (byte)'"';
        written += Encoding.ASCII.GetBytes(text, room[written..]);
        room[written++] = (byte)'"';
    }

    private bool Fits(int length) => IsPlain &= room.Length - written >= length;
}
