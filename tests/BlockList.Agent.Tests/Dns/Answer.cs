using System.Buffers.Binary;
using System.Text;
using BlockList.Agent.Dns;

namespace BlockList.Agent.Tests.Dns;

/// <summary>Builds answers, honest and hostile, byte by byte.</summary>
internal sealed class Answer
{
    private readonly List<byte> _bytes = [];
    private ushort _answers;
    private ushort _additionals;

    public Answer(DnsQuestion question, int flags = 0x8180, ushort questions = 1)
    {
        // The query's bytes up to its OPT record of 11 octets are the answer's header and question.
        _bytes.AddRange(question.ToBytes()[..^11]);
        Put(2, (ushort)flags);
        Put(4, questions);
        Put(10, 0);
    }

    public static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    public Answer Record(string owner, DnsType type, byte[] data) => Record(Name(owner), type, data);

    public Answer Record(byte[] owner, DnsType type, byte[] data)
    {
        _bytes.AddRange([.. owner, .. Number((ushort)type), 0, 1, 0, 0, 0, 60, .. Number((ushort)data.Length), .. data]);
        Put(6, ++_answers);
        return this;
    }

    public Answer Options(byte extendedRCode, params (ushort Code, byte[] Data)[] options)
    {
        byte[] data = [.. options.SelectMany(option => (byte[])[.. Number(option.Code), .. Number((ushort)option.Data.Length), .. option.Data])];
        _bytes.AddRange([0, .. Number((ushort)DnsType.Opt), 4, 208, extendedRCode, 0, 0, 0, .. Number((ushort)data.Length), .. data]);
        Put(10, ++_additionals);
        return this;
    }

    public byte[] ToBytes() => [.. _bytes];

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];

    private void Put(int position, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes)[position..], value);
}
