using System.Net;
using System.Text;

namespace BlockList.Server.DnsChecks;

/// <summary>One record of an answer.</summary>
/// <param name="Data">As it came, names in it uncompressed.</param>
internal abstract record DnsRecord(ReadOnlyMemory<byte> Data)
{
    /// <param name="Value">Its strings put together (RFC 7208 section 3.3 reads them so too), one character for each octet.</param>
    internal sealed record Txt(ReadOnlyMemory<byte> Data, string Value) : DnsRecord(Data);

    internal sealed record Address(ReadOnlyMemory<byte> Data, IPAddress Value) : DnsRecord(Data);

    internal sealed record NameServer(ReadOnlyMemory<byte> Data, DnsName Server) : DnsRecord(Data);

    internal sealed record Soa(ReadOnlyMemory<byte> Data, DnsName Primary, DnsName Mailbox, uint Serial) : DnsRecord(Data);

    internal sealed record Other(ReadOnlyMemory<byte> Data) : DnsRecord(Data);

    /// <exception cref="FormatException">The data do not fit the type.</exception>
    public static DnsRecord Read(RecordType type, byte[] data)
    {
        var reader = new WireReader(data);
        switch (type)
        {
            case RecordType.A or RecordType.Aaaa:
                if (data.Length != (type == RecordType.A ? 4 : 16)) throw new FormatException("an address record has the wrong length");
                return new Address(data, new IPAddress(data));
            case RecordType.Ns:
                var server = new NameServer(data, reader.ReadName());
                reader.End();
                return server;
            case RecordType.Soa:
                var soa = new Soa(data, reader.ReadName(), reader.ReadName(), reader.ReadUInt32());
                reader.Skip(16);
                reader.End();
                return soa;
            case RecordType.Txt:
                var text = new StringBuilder();
                while (!reader.AtEnd) text.Append(Encoding.Latin1.GetString(reader.Take(reader.ReadByte())));
                return new Txt(data, text.ToString());
            default:
                return new Other(data);
        }
    }

    public string Print() => this switch
    {
        Txt txt => '"' + string.Concat(txt.Value.Select(c => c is >= ' ' and <= '~' and not '"' and not '\\' ? c.ToString() : $"\\{(int)c:D3}")) + '"',
        Address address => address.Value.ToString(),
        NameServer server => server.Server.Text,
        Soa soa => $"{soa.Primary} {soa.Mailbox} {soa.Serial}",
        _ => Convert.ToHexStringLower(Data.Span),
    };
}
