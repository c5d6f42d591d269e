using System.Buffers.Binary;
using System.Text;
using BlockList.Format.Json;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>The columns of rows in the binary form of COPY, one after the other.</summary>
internal ref struct CopyColumns(ReadOnlySpan<byte> bytes)
{
    private const int IdLength = 16;
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public void NextRow() => rest = rest[sizeof(short)..];

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Fixed(Bytes(), sizeof(long)));

    public long? OptionalLong() => TryBytes(out var bytes) ? BinaryPrimitives.ReadInt64BigEndian(Fixed(bytes, sizeof(long))) : null;

    public int? OptionalInteger() => TryBytes(out var bytes) ? BinaryPrimitives.ReadInt32BigEndian(Fixed(bytes, sizeof(int))) : null;

    public Guid? OptionalId() => TryBytes(out var bytes) ? new Guid(Fixed(bytes, IdLength), bigEndian: true) : null;

    public string Text() => RecurringText.Of(Bytes());

    public string? OptionalText() => TryBytes(out var bytes) ? RecurringText.Of(bytes) : null;

    /// <summary>A text that hardly any other row has.</summary>
    public string? OptionalOwnText() => TryBytes(out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Empty where nothing stands.</summary>
    public bool OptionalBytes(out ReadOnlySpan<byte> bytes) => TryBytes(out bytes);

    /// <exception cref="MalformedDocumentException">A time that .NET has not, such as infinity.</exception>
    public DateTimeOffset Time()
    {
        var microseconds = Long();
        return Math.Abs(microseconds / 1e6) < TimeSpan.FromDays(365 * 1999).TotalSeconds
            ? Epoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : throw new MalformedDocumentException("a row has a time that no clock shows");
    }

    public ReadOnlySpan<byte> Bytes() => TryBytes(out var bytes) ? bytes : throw new MalformedDocumentException("a row lacks what every row has");

    /// <summary>A column that was given another type since is a change of its rows like any other.</summary>
    private static ReadOnlySpan<byte> Fixed(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length ? bytes : throw new MalformedDocumentException($"a row has a column of {bytes.Length} bytes in the place of {length}");

    private bool TryBytes(out ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        bytes = length < 0 ? default : rest.Slice(sizeof(int), length);
        rest = rest[(sizeof(int) + bytes.Length)..];
        return length >= 0;
    }
}
