using System.Buffers.Binary;

namespace BlockList.Server.Curation.Reading;

/// <summary>Handles are random and so spread evenly over all that there can be, in the order of their bytes.</summary>
internal static class HandleRange
{
    /// <summary>The handle that lies so far behind another one: by a share of all handles.</summary>
    public static Guid Beyond(Guid after, double share)
    {
        Span<byte> bytes = stackalloc byte[16];
        after.TryWriteBytes(bytes, bigEndian: true, out _);
        var end = BinaryPrimitives.ReadUInt64BigEndian(bytes) + (share * ulong.MaxValue);
        if (end >= ulong.MaxValue) return Guid.AllBitsSet;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)end);
        return new Guid(bytes, bigEndian: true);
    }
}
