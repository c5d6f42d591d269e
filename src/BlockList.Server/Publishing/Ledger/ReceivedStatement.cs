using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>A statement about the never-block register as it was received. Nothing in it is believed before its signature was checked.</summary>
internal sealed record ReceivedStatement(Guid Id, string Credential, long Sequence, byte[] Statement, byte[] Nonce, byte[] AuthenticatorData, byte[] ClientData, byte[] Signature)
{
    /// <summary>By credential and sequence, not by position: a row whose transaction committed late is not missed.</summary>
    public static async Task<List<ReceivedStatement>> ReadNewAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, long> heads, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select d.id, d.credential, d.sequence, d.statement, d.nonce, d.authenticator_data, d.client_data, d.signature
            from unnest($1::text[], $2::bigint[]) as head (credential, sequence)
            join names.decision d on d.credential = head.credential and d.sequence > head.sequence
            order by d.position limit $3
            """, connection);
        command.Parameters.AddWithValue(heads.Keys.ToArray());
        command.Parameters.AddWithValue(heads.Values.ToArray());
        command.Parameters.AddWithValue(most);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Reads rows with the columns of <see cref="ReadNewAsync"/>.</summary>
    public static async Task<List<ReceivedStatement>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var received = new List<ReceivedStatement>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            received.Add(new ReceivedStatement(reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3),
                reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<byte[]>(7)));
        }
        return received;
    }
}
