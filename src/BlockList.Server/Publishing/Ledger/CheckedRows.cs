using System.Runtime.CompilerServices;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Reads rows and checks them while the next ones are read: a ledger of millions is replayed by several processors.</summary>
internal static class CheckedRows
{
    private const int InAPart = 1024;

    /// <summary>Parts that are read ahead of whoever takes them.</summary>
    private const int Ahead = 6;

    /// <summary>The rows after a position, in order.</summary>
    /// <exception cref="LedgerBrokenException">One does not hold; those before it were answered.</exception>
    public static async IAsyncEnumerable<CheckedRow> ReadAsync(NpgsqlConnection connection, long after, byte[] chain, LedgerKey? key, [EnumeratorCancellation] CancellationToken cancellationToken, long upTo = long.MaxValue)
    {
        var parts = new Queue<Task<Part>>();
        var rows = new List<LedgerRow>(InAPart);
        await foreach (var row in LedgerStore.ReadAsync(connection, after, cancellationToken, upTo))
        {
            rows.Add(row);
            if (rows.Count < InAPart) continue;
            (after, chain) = Check();
            if (parts.Count == Ahead)
                foreach (var done in await TakeAsync()) yield return done;
        }
        _ = Check();
        while (parts.Count > 0)
            foreach (var done in await TakeAsync()) yield return done;

        (long, byte[]) Check()
        {
            var (part, position, previous) = (rows, after, chain);
            rows = new List<LedgerRow>(InAPart);
            parts.Enqueue(Task.Run(() => Part.Of(part, position, previous, key), cancellationToken));
            return part.Count == 0 ? (after, chain) : (part[^1].Position, part[^1].ChainSha256);
        }

        async Task<IEnumerable<CheckedRow>> TakeAsync() => (await parts.Dequeue()).Rows();
    }

    /// <summary>Rows that hold, and what speaks against the one after them.</summary>
    private sealed record Part(List<CheckedRow> Checked, Exception? Problem)
    {
        public static Part Of(List<LedgerRow> rows, long after, byte[] previous, LedgerKey? key)
        {
            var done = new List<CheckedRow>(rows.Count);
            try
            {
                foreach (var row in rows)
                {
                    done.Add(CheckedRow.Of(row, ++after, previous, key));
                    previous = row.ChainSha256;
                }
                return new Part(done, null);
            }
            catch (Exception problem) when (problem is LedgerBrokenException or Format.Json.MalformedDocumentException)
            {
                return new Part(done, problem);
            }
        }

        public IEnumerable<CheckedRow> Rows()
        {
            foreach (var row in Checked) yield return row;
            if (Problem is not null) throw Problem;
        }
    }
}
