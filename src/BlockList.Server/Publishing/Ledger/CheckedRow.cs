using BlockList.Format;
using BlockList.Format.Statements;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>A row of the ledger that holds: it is what the publisher wrote after the row before it. Each row can be checked without the
/// others, since it is compared with the code that the row before it bears, and that row by itself.</summary>
/// <param name="Row">As stored.</param>
/// <param name="Previous">The chain before it.</param>
/// <param name="Decision">What its statement says, where it is a decision.</param>
internal sealed record CheckedRow(LedgerRow Row, byte[] Previous, DecisionStatement? Decision)
{
    /// <exception cref="LedgerBrokenException">It does not continue the chain, or its statement was changed.</exception>
    public static CheckedRow Of(LedgerRow row, long position, byte[] previous, LedgerKey? key) => Of(row, row.Statement, position, previous, key);

    /// <param name="row">With its statement or without.</param>
    /// <param name="statement">Empty where there is none.</param>
    /// <param name="position">That it must have.</param>
    /// <param name="previous">The chain before it.</param>
    /// <param name="key">Null where the chain cannot be told.</param>
    /// <exception cref="LedgerBrokenException">It does not continue the chain, or its statement was changed.</exception>
    public static CheckedRow Of(LedgerRow row, ReadOnlySpan<byte> statement, long position, byte[] previous, LedgerKey? key)
    {
        if (row.Position != position) throw new LedgerBrokenException(position, "a row is missing");
        if (key is not null && !row.ChainAfter(previous, key).AsSpan().SequenceEqual(row.ChainSha256)) throw new LedgerBrokenException(row.Position, "a row was changed, or was not written by the publisher");
        if ((row.StatementSha256 is not null || !statement.IsEmpty) && !Hashes.IsOf(statement, row.StatementSha256)) throw new LedgerBrokenException(row.Position, "a statement was changed");
        return new CheckedRow(row, previous, row.Kind == LedgerRow.OfDecision ? DecisionStatement.Parse(statement) : null);
    }
}
