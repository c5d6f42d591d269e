using BlockList.Format.Json;
using BlockList.Server.Providers;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Distribution;

/// <summary>Keeps what a provider's agent says is in force. An agent that posts twice, since it never heard the answer, gets two rows.</summary>
internal sealed class AcceptReceipt(NpgsqlDataSource database)
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

        // By hand and not through the context, which would read back the row's id: this login cannot read receipts.
        await using var command = database.CreateCommand("""
            insert into distribution.receipt (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """);
        object[] values = [receipt.ProviderId, receipt.CertificateSha256, receipt.List, receipt.Version, receipt.Sha256, receipt.Resolver, receipt.Evidence];
        foreach (var value in values) command.Parameters.AddWithValue(value);
        command.Parameters.Add(new NpgsqlParameter { Value = receipt.Probes, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.AddWithValue(receipt.LeftOut);
        command.Parameters.AddWithValue(receipt.AgentVersion);
        command.Parameters.AddWithValue(receipt.AgentClock);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new AcceptReceiptOutcome.Accepted();
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
