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
        Receipt receipt;
        try
        {
            receipt = ReceiptReader.Read(body.Span, enrolment.ProviderId, certificateSha256);
        }
        catch (MalformedDocumentException problem)
        {
            return new AcceptReceiptOutcome.Malformed(problem.Message);
        }
        if (!enrolment.Lists.Contains(receipt.List, StringComparer.Ordinal)) return new AcceptReceiptOutcome.NotThisList(receipt.List);

        var differs = await DiffersAsync(receipt, cancellationToken);
        if (differs == true) Log.Differs(logger, enrolment.Provider, receipt.List, receipt.LogSize!.Value, receipt.LogRoot!);
        // By hand and not through the context, which would read back the row's id: this login cannot read receipts.
        await using var command = database.CreateCommand("""
            insert into distribution.receipt (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock, log_size, log_root, log_differs)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """);
        object[] values = [receipt.ProviderId, receipt.CertificateSha256, receipt.List, receipt.Version, receipt.Sha256, receipt.Resolver, receipt.Evidence];
        foreach (var value in values) command.Parameters.AddWithValue(value);
        command.Parameters.Add(new NpgsqlParameter { Value = receipt.Probes, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.AddWithValue(receipt.LeftOut);
        command.Parameters.AddWithValue(receipt.AgentVersion);
        command.Parameters.AddWithValue(receipt.AgentClock);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)receipt.LogSize ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)receipt.LogRoot ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)differs ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new AcceptReceiptOutcome.Accepted();
    }

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
