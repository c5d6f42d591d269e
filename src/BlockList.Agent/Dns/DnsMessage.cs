using System.Net;
using System.Text;

namespace BlockList.Agent.Dns;

/// <summary>Reads answers (RFC 1035 4, RFC 6891, RFC 8914). They come from the network and are taken for hostile.</summary>
internal static class DnsMessage
{
    private const int Response = 0x8000;
    private const int OpcodeMask = 0x7800;
    private const int AuthoritativeFlag = 0x0400;
    private const int TruncatedFlag = 0x0200;
    private const int RCodeMask = 0x000F;
    private const ushort ClassInternet = 1;
    private const ushort ExtendedErrorOption = 15;
    private const int LongestChain = 16;

    private sealed record Record(string Owner, DnsType Type, IPAddress? Address, string? Target, uint? Serial);

    /// <summary>Whether this is an answer to that very question. Anything else may be somebody's guess and is no reason to stop waiting.</summary>
    public static bool Answers(ReadOnlySpan<byte> message, DnsQuestion question)
    {
        try
        {
            var reader = new DnsReader(message);
            var id = reader.ReadUInt16();
            var flags = reader.ReadUInt16();
            var questions = reader.ReadUInt16();
            reader = new DnsReader(message, DnsQuestion.HeaderLength);
            return id == question.Id
                && (flags & Response) != 0
                && (flags & OpcodeMask) == 0
                && questions == 1
                && string.Equals(reader.ReadName(), question.Name, StringComparison.OrdinalIgnoreCase)
                && reader.ReadUInt16() == (ushort)question.Type
                && reader.ReadUInt16() == ClassInternet;
        }
        catch (DnsProbeException)
        {
            return false;
        }
    }

    public static bool IsTruncated(ReadOnlySpan<byte> message) => (message[2] & (TruncatedFlag >> 8)) != 0;

    /// <summary>Reads a message that <see cref="Answers"/> the question.</summary>
    public static DnsAnswer Read(ReadOnlySpan<byte> message, DnsQuestion question)
    {
        var reader = new DnsReader(message, position: 2);
        var flags = reader.ReadUInt16();
        _ = reader.ReadUInt16();
        var (answers, authorities, additionals) = (reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());
        _ = reader.ReadName();
        _ = reader.ReadUInt32();

        var records = new List<Record>();
        for (var index = 0; index < answers; index++)
        {
            if (ReadRecord(message, ref reader) is { } record)
                records.Add(record);
        }

        var zones = new List<string>();
        for (var index = 0; index < authorities; index++)
        {
            if (ReadRecord(message, ref reader) is { Type: DnsType.Soa } authority)
                zones.Add(authority.Owner);
        }

        var rCode = flags & RCodeMask;
        var errors = new List<DnsExtendedError>();
        for (var index = 0; index < additionals; index++)
            rCode |= ReadAdditional(ref reader, errors, zones);

        var name = EndOfChain(records, question.Name);
        return new DnsAnswer(
            rCode,
            [.. records.Where(record => record.Owner == name && record.Type == question.Type).Select(record => record.Address).OfType<IPAddress>()],
            (flags & AuthoritativeFlag) != 0,
            records.FirstOrDefault(record => record.Owner == name && record.Type == DnsType.Soa)?.Serial,
            zones,
            errors);
    }

    /// <summary>Null for a type that no probe looks at.</summary>
    private static Record? ReadRecord(ReadOnlySpan<byte> message, ref DnsReader reader)
    {
        var owner = reader.ReadName();
        var type = (DnsType)reader.ReadUInt16();
        var @class = reader.ReadUInt16();
        _ = reader.ReadUInt32();
        var length = reader.ReadUInt16();
        var start = reader.Position;
        var data = reader.Take(length);
        // Names inside the data may point back into the message but must not run on beyond the data.
        var inside = new DnsReader(message[..(start + length)], start);
        return @class != ClassInternet ? null : type switch
        {
            DnsType.A => new Record(owner, type, Address(data, length: 4), null, null),
            DnsType.Aaaa => new Record(owner, type, Address(data, length: 16), null, null),
            DnsType.Cname => new Record(owner, type, null, inside.ReadName(), null),
            DnsType.Soa => new Record(owner, type, null, null, ReadSerial(ref inside)),
            _ => null,
        };
    }

    private static IPAddress Address(ReadOnlySpan<byte> data, int length) =>
        data.Length == length ? new IPAddress(data) : throw new DnsProbeException($"The answer has an address of {data.Length} octets.");

    private static uint ReadSerial(ref DnsReader reader)
    {
        _ = reader.ReadName();
        _ = reader.ReadName();
        return reader.ReadUInt32();
    }

    /// <summary>Returns the upper bits of the response code, in their place.</summary>
    private static int ReadAdditional(ref DnsReader reader, List<DnsExtendedError> errors, List<string> zones)
    {
        var owner = reader.ReadName();
        var type = (DnsType)reader.ReadUInt16();
        _ = reader.ReadUInt16();
        var extendedRCode = reader.ReadByte();
        _ = reader.Take(3);
        var data = reader.Take(reader.ReadUInt16());
        if (type == DnsType.Soa)
            zones.Add(owner);
        if (type != DnsType.Opt)
            return 0;

        var options = new DnsReader(data);
        while (options.Position < data.Length)
        {
            var code = options.ReadUInt16();
            var option = options.Take(options.ReadUInt16());
            if (code == ExtendedErrorOption && option.Length >= 2)
                errors.Add(new DnsExtendedError(new DnsReader(option).ReadUInt16(), Printable(option[2..])));
        }

        return extendedRCode << 4;
    }

    private static string EndOfChain(List<Record> records, string name)
    {
        name = name.ToLowerInvariant();
        for (var step = 0; step < LongestChain; step++)
        {
            if (records.FirstOrDefault(record => record.Owner == name && record.Type == DnsType.Cname)?.Target is not { } target)
                return name;
            name = target;
        }

        throw new DnsProbeException($"The answer has a chain of more than {LongestChain} aliases.");
    }

    /// <summary>The text is for people and logs; control characters in it would be for somebody else.</summary>
    private static string Printable(ReadOnlySpan<byte> text) =>
        string.Concat(Encoding.UTF8.GetString(text).TrimEnd('\0').Select(character => char.IsControl(character) ? '?' : character));
}
