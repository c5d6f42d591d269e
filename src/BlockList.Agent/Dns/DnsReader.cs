using System.Buffers.Binary;
using System.Text;

namespace BlockList.Agent.Dns;

/// <summary>Reads a message from left to right. Whatever the bytes are, it ends with a value or a <see cref="DnsProbeException"/>.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message, int position = 0)
{
    private const int PointerMark = 0xC0;
    private const int LongestName = 255;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; } = position;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - Position)
            throw new DnsProbeException("The answer ends in the middle of a record.");
        var taken = _message.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>
    /// A name in lower case without its final dot; octets outside printable ASCII, and dots inside labels, as \DDD
    /// (RFC 4343 2.1). A compression pointer must point to before the name that uses it (RFC 1035 4.1.4), so that
    /// following pointers always ends.
    /// </summary>
    public string ReadName()
    {
        var text = new StringBuilder();
        var (at, before, octets) = (Position, Position, 0);
        var returnTo = -1;
        while (true)
        {
            var length = ByteAt(at);
            if (length == 0)
                break;
            if ((length & PointerMark) == PointerMark)
            {
                var target = ((length & ~PointerMark) << 8) | ByteAt(at + 1);
                if (target >= before)
                    throw new DnsProbeException("The answer has a compressed name that points forward or to itself.");
                if (returnTo < 0)
                    returnTo = at + 2;
                (at, before) = (target, target);
                continue;
            }

            if ((length & PointerMark) != 0)
                throw new DnsProbeException("The answer has a label of a kind that does not exist.");
            octets += length + 1;
            if (octets >= LongestName)
                throw new DnsProbeException($"The answer has a name of more than {LongestName} octets.");
            AppendLabel(text, at + 1, length);
            at += length + 1;
        }

        Position = returnTo < 0 ? at + 1 : returnTo;
        return text.ToString();
    }

    private readonly int ByteAt(int index) =>
        index < _message.Length ? _message[index] : throw new DnsProbeException("The answer ends in the middle of a name.");

    private readonly void AppendLabel(StringBuilder text, int start, int length)
    {
        if (text.Length > 0)
            text.Append('.');
        for (var index = start; index < start + length; index++)
        {
            var octet = ByteAt(index);
            if (octet is > ' ' and < 0x7F and not '.' and not '\\')
                text.Append(char.ToLowerInvariant((char)octet));
            else
                text.Append('\\').Append(octet.ToString("D3", null));
        }
    }
}
