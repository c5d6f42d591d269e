using System.Globalization;
using BlockList.Format.Statements;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Ledger;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Where statements of one kind stand, and how one of them is taken.</summary>
/// <param name="Table">They were received there.</param>
/// <param name="Action">Of the audit row.</param>
/// <param name="AtOnce">So many are read into memory before any is verified.</param>
/// <param name="HeadOf">The sequence number of a credential's last one that was taken.</param>
internal sealed record StatementSource(string Table, string Action, int AtOnce, Func<string, long> HeadOf);

/// <summary>Takes statements that are signed one by one into the ledger: what is not authentic, or follows a gap, stops its credential,
/// and somebody is told.</summary>
internal sealed class TakeStatements(NpgsqlDataSource database, StoppedCredentials stoppedCredentials)
{
    /// <param name="state">Brought up to date.</param>
    /// <param name="register">In force now.</param>
    /// <param name="source">What to take.</param>
    /// <param name="take">Answers the row, applied; null where its credential is stopped.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    /// <returns>How many were taken.</returns>
    public async Task<int> RunAsync(LedgerState state, AgencyRegister register, StatementSource source, Func<NpgsqlConnection, ReceivedStatement, Task<LedgerRow?>> take, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LedgerStore.LockAsync(connection, cancellationToken);
        await LedgerStore.RequireNewestAsync(connection, register, cancellationToken);
        await TakeDecisions.CatchUpAsync(connection, state, register, cancellationToken);
        var (stopped, rows) = (new HashSet<string>(StringComparer.Ordinal), new List<LedgerRow>());
        bool full;
        do
        {
            // Without those of stopped credentials, which would come again each time and leave no room for the others.
            var heads = register.Credentials.Keys.Where(c => !stopped.Contains(c)).ToDictionary(c => c, source.HeadOf, StringComparer.Ordinal);
            var received = await ReceivedStatement.ReadNewAsync(connection, source.Table, heads, source.AtOnce, cancellationToken);
            foreach (var item in received.Where(item => !stopped.Contains(item.Credential)))
            {
                if (await take(connection, item) is not { } row) stopped.Add(item.Credential);
                else rows.Add(row);
            }
            full = received.Count == source.AtOnce;
        }
        while (full);
        await stoppedCredentials.SettleAsync(source.Table, stopped, cancellationToken);
        if (rows.Count == 0) return 0;
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", source.Action, state.Position.ToString(CultureInfo.InvariantCulture),
            new() { ["taken"] = rows.Count, ["refused"] = rows.Count(r => r.Outcome == LedgerRow.Refused), ["stopped_credentials"] = stopped.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }
}
