using System.Buffers.Binary;
using System.Text;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>What a resolver asked.</summary>
internal sealed record Question(ushort Id, string Name, ushort Type)
{
    public static Question Read(byte[] message)
    {
        var labels = new List<string>();
        var at = 12;
        for (; message[at] != 0; at += message[at] + 1) labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]).ToLowerInvariant());
        return new Question(BinaryPrimitives.ReadUInt16BigEndian(message), string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 1)));
    }

    public bool Has(string label) => Name.Split('.').Contains(label);
}
