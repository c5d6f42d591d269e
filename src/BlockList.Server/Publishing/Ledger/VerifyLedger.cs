using System.Globalization;
using BlockList.Format.Json;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>What was found of the whole ledger.</summary>
/// <param name="Rows">That hold, from the first on.</param>
/// <param name="Signatures">Under them, of people.</param>
/// <param name="Problem">What is wrong with the row after them, what it means and what to do; null where all hold.</param>
internal sealed record LedgerVerdict(long Rows, long Signatures, string? Problem);

/// <summary>
/// Verifies every row again, off the path of publishing: the chain, each statement and the signatures under them. A publisher that runs
/// looks at new rows alone, so that a row which somebody changed behind its back would else be found when it is started again.
/// </summary>
internal sealed partial class VerifyLedger(NpgsqlDataSource database, RecordedRegisters registers, IOptions<PublishingOptions> options, TimeProvider clock, ILogger<VerifyLedger> logger)
{
    private const string Cause = "ledger:verify";
    private const string EveryList = "all";

    /// <summary>Rows in memory at once, with what their signatures need.</summary>
    private const int AtOnce = 5000;

    public async Task<LedgerVerdict> RunAsync(CancellationToken cancellationToken)
    {
        var signatures = new LedgerSignatures(registers);
        long rows = 0;
        string? problem = null;
        try
        {
            await using var reading = await database.OpenConnectionAsync(cancellationToken);
            await using var asking = await database.OpenConnectionAsync(cancellationToken);
            var part = new List<CheckedRow>(AtOnce);
            await foreach (var row in CheckedRows.ReadAsync(reading, 0, LedgerRow.ChainStart, LedgerKey.Load(options.Value.LedgerKeyFile), cancellationToken, keepsStatements: true))
            {
                part.Add(row);
                if (part.Count == AtOnce) await VerifyAsync(asking);
            }
            await VerifyAsync(asking);
            await signatures.FinishAsync(asking, cancellationToken);
            await RequireWholeAsync(asking, rows, cancellationToken);

            async Task VerifyAsync(NpgsqlConnection connection)
            {
                await signatures.TakeAsync(connection, part, cancellationToken);
                rows += part.Count;
                part.Clear();
            }
        }
        catch (LedgerBrokenException broken)
        {
            problem = $"Row {broken.Position} of publishing.ledger does not hold: {broken.What}. Rows before it do. Somebody wrote to the ledger's tables: what is published stays, and nothing is added. Treat the logins of the database's owner and of the publisher as stolen; restore publishing.ledger and publishing.ledger_assertion from the newest backup in which \"blocklist ledger verify\" finds nothing, and start the publisher again.";
        }
        catch (Exception unreadable) when (unreadable is MalformedDocumentException or SigningException)
        {
            problem = $"The ledger cannot be verified: {unreadable.Message}";
        }
        var verdict = new LedgerVerdict(rows, signatures.Count, problem);
        await RecordAsync(verdict, cancellationToken);
        return verdict;
    }

    /// <summary>A chain that was cut at its end still holds.</summary>
    private static async Task RequireWholeAsync(NpgsqlConnection connection, long rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select max(ledger_position) from publishing.version", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is long published && published > rows) throw new LedgerBrokenException(rows + 1, "rows are missing at its end");
    }

    private async Task RecordAsync(LedgerVerdict verdict, CancellationToken cancellationToken)
    {
        if (verdict.Problem is { } problem) Log.Broken(logger, problem);
        else Log.Holds(logger, verdict.Rows, verdict.Signatures);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "ledger.verify", verdict.Rows.ToString(CultureInfo.InvariantCulture), new() { ["signatures"] = verdict.Signatures, ["holds"] = verdict.Problem is null }, cancellationToken);
        if (verdict.Problem is { } message) await AlarmStore.RaiseAsync(connection, Guid.CreateVersion7(clock.GetUtcNow()), Cause, EveryList, AlarmStore.Ledger, message, cancellationToken);
        else await AlarmStore.ClearAsync(connection, Cause, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Every row of the ledger was verified again: {Rows} rows hold, and {Signatures} signatures under them.")]
        public static partial void Holds(ILogger logger, long rows, long signatures);

        [LoggerMessage(LogLevel.Critical, "{Problem}")]
        public static partial void Broken(ILogger logger, string problem);
    }
}
