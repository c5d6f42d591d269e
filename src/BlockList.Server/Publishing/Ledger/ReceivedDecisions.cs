using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Reads what curation received. Nothing read here is believed before its signature was checked.</summary>
internal static class ReceivedDecisions
{
    /// <summary>Decisions after the last one known of each credential, in order of arrival. Asking by credential and
    /// sequence, not by position, misses no row whose transaction committed late.</summary>
    public static async Task<List<ReceivedDecision>> ReadNewAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, long> heads, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select d.id, d.credential, d.sequence, d.statement, d.assertion_id, d.leaf
            from unnest($1::text[], $2::bigint[]) as head (credential, sequence)
            join curation.decision d on d.credential = head.credential and d.sequence > head.sequence
            order by d.position limit $3
            """, connection);
        command.Parameters.AddWithValue(heads.Keys.ToArray());
        command.Parameters.AddWithValue(heads.Values.ToArray());
        command.Parameters.AddWithValue(most);
        var decisions = new List<ReceivedDecision>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            decisions.Add(new ReceivedDecision(reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2),
                reader.GetFieldValue<byte[]>(3), reader.GetGuid(4), reader.GetInt32(5)));
        }
        return decisions;
    }

    /// <param name="connection">Of whoever reads.</param>
    /// <param name="ids">Of the assertions.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    /// <param name="table">Where they were received, or where the publisher keeps those of its ledger.</param>
    public static async Task<Dictionary<Guid, ReceivedAssertion>> ReadAssertionsAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken, string table = "curation.assertion")
    {
        await using var command = new NpgsqlCommand(
            $"select id, form, statements, nonce, authenticator_data, client_data, signature from {table} where id = any ($1)", connection);
        command.Parameters.AddWithValue(ids);
        var assertions = new Dictionary<Guid, ReceivedAssertion>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            assertions.Add(reader.GetGuid(0), new ReceivedAssertion(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2),
                reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<byte[]>(6)));
        }
        return assertions;
    }

    /// <summary>All statements of a batch in the order in which they were signed.</summary>
    public static async Task<List<byte[]>> ReadBatchAsync(NpgsqlConnection connection, Guid assertion, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select statement from curation.decision where assertion_id = $1 order by leaf", connection);
        command.Parameters.AddWithValue(assertion);
        var statements = new List<byte[]>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) statements.Add(reader.GetFieldValue<byte[]>(0));
        return statements;
    }
}
