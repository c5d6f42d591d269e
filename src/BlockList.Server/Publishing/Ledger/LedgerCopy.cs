using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// Reads ledger rows by COPY in its binary form (PostgreSQL documentation, COPY, "Binary Format"): the bytes are taken as they come,
/// and whoever gets a part makes rows of it on a processor of its own. A reader of rows and columns makes a ledger of millions slow.
/// </summary>
internal static class LedgerCopy
{
    /// <summary>Signature, flags and the length of an extension that no server sends.</summary>
    private const int HeadLength = 19;
    private const int PartLength = 512 * 1024;
    private const short End = -1;

    /// <param name="connection">Busy until the last part was read.</param>
    /// <param name="query">What to copy, with <paramref name="columns"/> columns.</param>
    /// <param name="columns">How many there are.</param>
    /// <param name="cancellationToken">Before the next part.</param>
    public static async IAsyncEnumerable<LedgerPart> ReadAsync(NpgsqlConnection connection, string query, int columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)", cancellationToken);
        var (buffer, filled, start) = (ArrayPool<byte>.Shared.Rent(PartLength), 0, HeadLength);
        while (true)
        {
            // The stream gives a row at a time; at its end it gives less than is asked for.
            filled += await copy.ReadAtLeastAsync(buffer.AsMemory(filled), buffer.Length - filled, throwOnEndOfStream: false, cancellationToken);
            var (end, count, isLast) = WholeRows(buffer.AsSpan(..filled), start, columns);
            if (!isLast && filled < buffer.Length) throw new InvalidOperationException("the copy of the ledger ended in the middle of a row");
            // The part is somebody else's from here on. A row that is longer than any that is written has room made for it.
            var next = ArrayPool<byte>.Shared.Rent(Math.Max(PartLength, 2 * (filled - end)));
            buffer.AsSpan(end..filled).CopyTo(next);
            yield return new LedgerPart(buffer, start..end, count);
            if (isLast) break;
            (buffer, filled, start) = (next, filled - end, 0);
        }
    }

    private static (int End, int Count, bool IsLast) WholeRows(ReadOnlySpan<byte> bytes, int start, int columns)
    {
        for (var count = 0; ; count++)
        {
            if (bytes.Length - start < sizeof(short)) return (start, count, false);
            var fields = BinaryPrimitives.ReadInt16BigEndian(bytes[start..]);
            if (fields == End) return (start, count, true);
            if (fields != columns) throw new InvalidOperationException($"a row of the copy has {fields} columns");
            var at = start + sizeof(short);
            for (var i = 0; i < columns; i++)
            {
                if (bytes.Length - at < sizeof(int)) return (start, count, false);
                at += sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[at..]));
                if (at > bytes.Length) return (start, count, false);
            }
            start = at;
        }
    }
}
