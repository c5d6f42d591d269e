using System.Runtime.CompilerServices;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Reads rows and checks them while the next ones are read: a ledger of millions is replayed by several processors.</summary>
internal static class CheckedRows
{
    /// <summary>Parts that are read ahead of whoever takes them.</summary>
    private const int Ahead = 6;

    /// <summary>The rows after a position, in order; those of decisions without their statements, unless <paramref name="keepsStatements"/>.</summary>
    /// <exception cref="LedgerBrokenException">One does not hold; those before it were answered.</exception>
    public static async IAsyncEnumerable<CheckedRow> ReadAsync(NpgsqlConnection connection, long after, byte[] chain, LedgerKey? key, [EnumeratorCancellation] CancellationToken cancellationToken, long upTo = long.MaxValue, bool keepsStatements = false)
    {
        var parts = new Queue<Task<CheckedPart>>();
        await foreach (var part in LedgerStore.ReadPartsAsync(connection, after, cancellationToken, upTo))
        {
            parts.Enqueue(Task.Run(() => CheckedPart.Of(part, key, keepsStatements), cancellationToken));
            if (parts.Count == Ahead)
                foreach (var row in await TakeAsync()) yield return row;
        }
        while (parts.Count > 0)
            foreach (var row in await TakeAsync()) yield return row;

        async Task<IEnumerable<CheckedRow>> TakeAsync()
        {
            var part = await parts.Dequeue();
            var rows = part.After(after, chain);
            if (part.Last is { } last) (after, chain) = (last.Position, last.ChainSha256);
            return rows;
        }
    }
}
