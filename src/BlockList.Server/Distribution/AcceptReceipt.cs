using BlockList.Format.Json;
using BlockList.Server.Providers;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Distribution;

/// <summary>Keeps what a provider's agent says is in force. An agent that posts twice, since it never heard the answer, gets two rows.</summary>
internal sealed partial class AcceptReceipt(NpgsqlDataSource database, ILogger<AcceptReceipt> logger)
{
    public async Task<AcceptReceiptOutcome> RunAsync(ReadOnlyMemory<byte> body, Enrolment enrolment, string certificateSha256, CancellationToken cancellationToken)
    {
        ReadReceipt read;
        try
        {
            read = ReceiptReader.Read(body.Span, enrolment.ProviderId, certificateSha256);
        }
        catch (MalformedDocumentException problem)
        {
            return new AcceptReceiptOutcome.Malformed(problem.Message);
        }
        var receipt = read.Receipt;
        if (!enrolment.Lists.Contains(receipt.List, StringComparer.Ordinal)) return new AcceptReceiptOutcome.NotThisList(receipt.List);

        var differs = await DiffersAsync(receipt, cancellationToken);
        if (differs == true) Log.Differs(logger, enrolment.Provider, receipt.List, receipt.LogSize!.Value, receipt.LogRoot!);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Together with the receipt or not at all; what is in force where follows from the row by a trigger, in the same transaction.
        if (read.Exceptions is { } lines && !await ReportAsync(connection, receipt, lines, cancellationToken))
            return new AcceptReceiptOutcome.Malformed($"The field \"own\" must have lines of version {receipt.Version} of {receipt.List} alone.");
        await StoreAsync(connection, receipt, differs, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AcceptReceiptOutcome.Accepted();
    }

    /// <summary>False where a line is not on the version.</summary>
    private static async Task<bool> ReportAsync(NpgsqlConnection connection, Receipt receipt, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select distribution.report_exceptions($1, $2, $3, $4, $5)", connection);
        foreach (var value in (object[])[receipt.CertificateSha256, receipt.List, receipt.Version]) command.Parameters.AddWithValue(value);
        command.Parameters.Add(Nullable(receipt.Node, NpgsqlDbType.Text));
        command.Parameters.AddWithValue(lines.ToArray());
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>By hand and not through the context, which would read back the row's id: this login cannot read receipts.</summary>
    private static async Task StoreAsync(NpgsqlConnection connection, Receipt receipt, bool? differs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into distribution.receipt (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, left_out, agent_version, agent_clock, result, held_additions, held_removals, waiting, own,
              probes, log_size, log_root, log_differs, node, reason)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
            """, connection);
        object[] values =
        [
            receipt.ProviderId, receipt.CertificateSha256, receipt.List, receipt.Version, receipt.Sha256, receipt.Resolver, receipt.Evidence, receipt.LeftOut, receipt.AgentVersion, receipt.AgentClock,
            receipt.Result, receipt.HeldAdditions, receipt.HeldRemovals, receipt.Waiting, receipt.Own,
        ];
        foreach (var value in values) command.Parameters.AddWithValue(value);
        command.Parameters.Add(Nullable(receipt.Probes, NpgsqlDbType.Jsonb));
        command.Parameters.Add(Nullable(receipt.LogSize, NpgsqlDbType.Bigint));
        command.Parameters.Add(Nullable(receipt.LogRoot, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(differs, NpgsqlDbType.Boolean));
        command.Parameters.Add(Nullable(receipt.Node, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(receipt.Reason, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>Whether the agent knows another log than ours, at a size that ours had. A longer one than ours differs too: leaves are
    /// gone from here, or were never here.</summary>
    private async Task<bool?> DiffersAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.LogSize is not { } size) return null;
        await using var command = database.CreateCommand("select root_sha256 from publishing.log_leaf where list = $1 and position = $2");
        command.Parameters.AddWithValue(receipt.List);
        command.Parameters.AddWithValue(size - 1);
        return await command.ExecuteScalarAsync(cancellationToken) is not string ours || ours != receipt.LogRoot;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The agent of {Provider} knows the transparency log of {List} with {Size} leaves as {Root}, and ours is another. Either it was shown another list than everybody, which takes keys of the list, or leaves of ours are gone. It stands under Log on the pages of agencies and operator; call the provider, and compare the checkpoints as the runbook says.")]
        public static partial void Differs(ILogger logger, string provider, string list, long size, string root);
    }
}

internal abstract record AcceptReceiptOutcome
{
    private AcceptReceiptOutcome()
    {
    }

    internal sealed record Accepted : AcceptReceiptOutcome;

    /// <param name="Reason">Names the field.</param>
    internal sealed record Malformed(string Reason) : AcceptReceiptOutcome;

    internal sealed record NotThisList(string List) : AcceptReceiptOutcome;
}
