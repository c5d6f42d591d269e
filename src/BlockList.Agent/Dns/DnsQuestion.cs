using System.Buffers.Binary;
using System.Text;

namespace BlockList.Agent.Dns;

/// <summary>One query: its id, the name on the wire (RFC 1035 3.1) and the type.</summary>
internal sealed class DnsQuestion
{
    public const int HeaderLength = 12;

    /// <summary>What fits into one packet on every path (DNS flag day 2020).</summary>
    private const ushort UdpSize = 1232;
    private const ushort RecursionDesired = 0x0100;
    private const ushort ClassInternet = 1;
    private const int LongestLabel = 63;
    private const int LongestName = 255;

    private readonly byte[] _name;

    /// <param name="id">Random, since nothing else tells an answer from a guess.</param>
    /// <param name="name">A-labels; a final dot may stand there.</param>
    /// <param name="type">The type of record asked for.</param>
    public DnsQuestion(ushort id, string name, DnsType type)
    {
        Id = id;
        Name = name.TrimEnd('.');
        Type = type;
        _name = Encode(Name);
    }

    public ushort Id { get; }

    public string Name { get; }

    public DnsType Type { get; }

    public byte[] ToBytes()
    {
        var message = new byte[HeaderLength + _name.Length + 4 + 11];
        var span = message.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(span, Id);
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(span[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(span[10..], 1);
        _name.CopyTo(span[HeaderLength..]);
        var rest = span[(HeaderLength + _name.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)Type);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], ClassInternet);
        // The OPT record (RFC 6891 6.1.2): root name, type, size; no flags, no options. With it a server may say why it blocks.
        BinaryPrimitives.WriteUInt16BigEndian(rest[5..], (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(rest[7..], UdpSize);
        return message;
    }

    private static byte[] Encode(string name)
    {
        var wire = new List<byte>(name.Length + 2);
        foreach (var label in name.Length == 0 ? [] : name.Split('.'))
        {
            if (label.Length is 0 or > LongestLabel || !label.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
                throw new ArgumentException($"'{name}' is not a name that can be asked for: every label has 1 to {LongestLabel} letters, digits, hyphens or underscores.", nameof(name));
            wire.Add((byte)label.Length);
            wire.AddRange(Encoding.ASCII.GetBytes(label));
        }

        wire.Add(0);
        return wire.Count <= LongestName
            ? [.. wire]
            : throw new ArgumentException($"'{name}' is longer than the {LongestName} octets of a name.", nameof(name));
    }
}
