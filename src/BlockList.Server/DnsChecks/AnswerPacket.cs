namespace BlockList.Server.DnsChecks;

/// <summary>What an answer's message says beside its records: the way that led to them, and who speaks.</summary>
/// <param name="Aliases">The targets of CNAME records, in their order.</param>
/// <param name="Zone">The owner of the SOA in the authority section, which a denial carries (RFC 2308).</param>
internal sealed record AnswerPacket(IReadOnlyList<DnsName> Aliases, DnsName? Zone)
{
    /// <exception cref="FormatException">It is no DNS message.</exception>
    public static AnswerPacket Read(ReadOnlySpan<byte> message)
    {
        // Of a failure there may be none.
        if (message.IsEmpty) return new AnswerPacket([], null);
        var reader = new WireReader(message);
        reader.Skip(4);
        var (questions, answers, authorities) = (reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());
        reader.Skip(2);
        for (var i = 0; i < questions; i++)
        {
            reader.ReadName();
            reader.Skip(4);
        }
        var aliases = new List<DnsName>();
        for (var i = 0; i < answers; i++)
        {
            var (type, length) = ReadHead(ref reader, out _);
            if (type == RecordType.Cname) aliases.Add(reader.ReadName());
            else reader.Skip(length);
        }
        DnsName? zone = null;
        for (var i = 0; i < authorities; i++)
        {
            var (type, length) = ReadHead(ref reader, out var owner);
            if (type == RecordType.Soa) zone = owner;
            reader.Skip(length);
        }
        return new AnswerPacket(aliases, zone);
    }

    private static (RecordType Type, int Length) ReadHead(ref WireReader reader, out DnsName owner)
    {
        owner = reader.ReadName();
        var type = (RecordType)reader.ReadUInt16();
        reader.Skip(6);
        return (type, reader.ReadUInt16());
    }
}
