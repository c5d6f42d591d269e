using BlockList.Format.Json;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Rows that were checked by themselves, each with the one before it; the first waits for the part before.</summary>
internal sealed class CheckedPart
{
    private readonly List<CheckedRow> afterFirst = [];
    private readonly LedgerRow? first;
    private readonly LedgerKey? key;
    private readonly Exception? problem;

    private CheckedPart(LedgerPart part, LedgerKey? key, bool keepsStatements)
    {
        this.key = key;
        using var taken = part;
        try
        {
            for (var columns = new CopyColumns(taken.Bytes); !columns.IsAtEnd;)
            {
                var row = LedgerStore.NextRow(ref columns, keepsStatements || first is null, out var statement);
                if (Last is { } previous) afterFirst.Add(CheckedRow.Of(row, statement, previous.Position + 1, previous.ChainSha256, key));
                first ??= row;
                Last = row;
            }
        }
        catch (Exception found) when (found is LedgerBrokenException or MalformedDocumentException)
        {
            problem = found;
        }
    }

    /// <summary>The last row that can be answered; null where there is none.</summary>
    public LedgerRow? Last { get; }

    public static CheckedPart Of(LedgerPart part, LedgerKey? key, bool keepsStatements) => new(part, key, keepsStatements);

    /// <summary>The rows, where they come after a position and its place in the chain.</summary>
    /// <exception cref="LedgerBrokenException">One does not hold; those before it were answered.</exception>
    public IEnumerable<CheckedRow> After(long position, byte[] chain)
    {
        if (first is not null) yield return CheckedRow.Of(first, position + 1, chain, key);
        foreach (var row in afterFirst) yield return row;
        if (problem is not null) throw problem;
    }
}
