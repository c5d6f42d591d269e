using System.Buffers.Binary;

namespace BlockList.Server.DnsChecks;

/// <summary>
/// Reads DNS messages (RFC 1035 section 4.1). libunbound writes what is read here, after it has judged what it got; it is read
/// as if a stranger had written it all the same.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int LongestName = 255;

    private readonly ReadOnlySpan<byte> message = message;
    private int at;

    public readonly bool AtEnd => at == message.Length;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public void Skip(int octets) => Take(octets);

    public readonly void End()
    {
        if (!AtEnd) throw new FormatException("a record is longer than its content");
    }

    public ReadOnlySpan<byte> Take(int octets)
    {
        if (octets > message.Length - at) throw new FormatException("the message ends too early");
        var taken = message.Slice(at, octets);
        at += octets;
        return taken;
    }

    /// <summary>A name, compressed or not. A pointer leads back, never to itself or on, so that no chain of them is endless.</summary>
    public DnsName ReadName()
    {
        var labels = new List<byte[]>();
        var total = 1;
        var before = at;
        int? resume = null;
        while (true)
        {
            var length = ReadByte();
            if (length == 0) break;
            if (length >= 0xC0)
            {
                var target = ((length & 0x3F) << 8) | ReadByte();
                if (target >= before) throw new FormatException("a name points forward");
                resume ??= at;
                before = at = target;
                continue;
            }
            if (length > 63) throw new FormatException("a label is of no known kind");
            total += length + 1;
            if (total > LongestName) throw new FormatException("a name is too long");
            labels.Add(Take(length).ToArray());
        }
        at = resume ?? at;
        return DnsName.FromLabels(labels);
    }
}
