using BlockList.Format;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>A statement about the never-block register, or a word on a held version, as it was received. Nothing in it is believed before its signature was checked.</summary>
internal sealed record ReceivedStatement(Guid Id, string Credential, long Sequence, byte[] Statement, byte[] Nonce, byte[] AuthenticatorData, byte[] ClientData, byte[] Signature)
{
    /// <summary>By credential and sequence, not by position: a row whose transaction committed late is not missed.</summary>
    /// <param name="connection">Of the publisher.</param>
    /// <param name="table">Where they were received.</param>
    /// <param name="heads">The last one known of each credential.</param>
    /// <param name="most">So many, the earliest.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public static async Task<List<ReceivedStatement>> ReadNewAsync(NpgsqlConnection connection, string table, IReadOnlyDictionary<string, long> heads, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select d.id, d.credential, d.sequence, d.statement, d.nonce, d.authenticator_data, d.client_data, d.signature
            from unnest($1::text[], $2::bigint[]) as head (credential, sequence)
            join {table} d on d.credential = head.credential and d.sequence > head.sequence
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

    /// <summary>Its signature. The id is chosen here: one that somebody else chose could be that of another signature.</summary>
    public ReceivedAssertion ToAssertion(Guid id) => new(id, "decision", 1, Nonce, AuthenticatorData, ClientData, Signature);

    /// <summary>The ledger's row for it, once it is authentic.</summary>
    /// <param name="kind">Of the row.</param>
    /// <param name="list">That it is about, or null for all.</param>
    /// <param name="objection">Why it has no effect, or null.</param>
    /// <param name="assertion">Id of its signature in the ledger.</param>
    /// <param name="position">Of the row.</param>
    /// <param name="registerVersion">It was judged by.</param>
    /// <param name="receivedAt">Whole seconds.</param>
    public LedgerRow ToRow(string kind, string? list, string? objection, Guid assertion, long position, int registerVersion, DateTimeOffset receivedAt) => new()
    {
        Position = position,
        Kind = kind,
        Outcome = objection is null ? LedgerRow.Accepted : LedgerRow.Refused,
        Reason = objection,
        DecisionId = Id,
        Credential = Credential,
        Sequence = Sequence,
        EpisodeId = null,
        List = list,
        Statement = Statement,
        StatementSha256 = Hashes.Sha256(Statement),
        AssertionId = assertion,
        Leaf = 0,
        RegisterVersion = registerVersion,
        ReceivedAt = receivedAt,
        ChainSha256 = [],
    };
}
