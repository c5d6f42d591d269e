using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Names.Register;
using BlockList.Server.Publishing.Ledger;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// Looks for decisions that the ledger leaves out: whoever could keep one back could keep an innocent name blocked. Of each
/// credential the next one counts; one that is not authentic stops its credential, and all behind it wait with good reason.
/// </summary>
internal static class FindWithheld
{
    /// <summary>Which statement is kept back, in a sentence; or null.</summary>
    /// <param name="connection">The verifier's.</param>
    /// <param name="state">The ledger as far as the candidate rests on it.</param>
    /// <param name="register">That it goes by.</param>
    /// <param name="before">Received before then, by the database's clock: a later one may have come while the version was made.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public static async Task<string?> RunAsync(NpgsqlConnection connection, LedgerState state, AgencyRegister register, DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (var decision in await DecisionsAsync(connection, state, register, before, cancellationToken))
            if (await IsAuthenticAsync(connection, decision, state, register, cancellationToken))
                return $"statement {decision.Sequence} of credential {decision.Credential} is authentic, was received in time, and is left out of the ledger.";
        foreach (var word in await StatementsAsync(connection, "publishing.version_decision", register, credential => state.Versions.HeadOf(credential).Sequence, before, cancellationToken))
            if (Authenticity.FindFault(word, state.Versions, register, out _) is null)
                return $"statement {word.Sequence} of credential {word.Credential} about a held version is authentic, was received in time, and is left out of the ledger.";
        foreach (var statement in await StatementsAsync(connection, "names.decision", register, credential => state.NeverBlock.HeadOf(credential).Sequence, before, cancellationToken))
            if (Authenticity.FindFault(statement, state.NeverBlock, register, out var said) is null && await IsCompleteAsync(connection, said, cancellationToken))
                return $"statement {statement.Sequence} of credential {statement.Credential} about the never-block register is authentic, was received in time, and is left out of the ledger.";
        return null;
    }

    private static async Task<List<ReceivedDecision>> DecisionsAsync(NpgsqlConnection connection, LedgerState state, AgencyRegister register, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select d.id, d.credential, d.sequence, d.statement, d.assertion_id, d.leaf
            from unnest($1::text[], $2::bigint[]) as head (credential, sequence)
            join curation.decision d on d.credential = head.credential and d.sequence = head.sequence + 1
            where d.received_at < $3
            """, connection);
        Add(command, register, credential => state.HeadOf(credential).Sequence, before);
        var decisions = new List<ReceivedDecision>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            decisions.Add(new ReceivedDecision(reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetGuid(4), reader.GetInt32(5)));
        return decisions;
    }

    private static async Task<List<ReceivedStatement>> StatementsAsync(NpgsqlConnection connection, string table, AgencyRegister register, Func<string, long> headOf, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select d.id, d.credential, d.sequence, d.statement, d.nonce, d.authenticator_data, d.client_data, d.signature
            from unnest($1::text[], $2::bigint[]) as head (credential, sequence)
            join {table} d on d.credential = head.credential and d.sequence = head.sequence + 1
            where d.received_at < $3
            """, connection);
        Add(command, register, headOf, before);
        return await ReceivedStatement.ReadAsync(command, cancellationToken);
    }

    private static void Add(NpgsqlCommand command, AgencyRegister register, Func<string, long> headOf, DateTimeOffset before)
    {
        command.Parameters.AddWithValue(register.Credentials.Keys.ToArray());
        command.Parameters.AddWithValue(register.Credentials.Keys.Select(headOf).ToArray());
        command.Parameters.AddWithValue(before);
    }

    private static async Task<bool> IsAuthenticAsync(NpgsqlConnection connection, ReceivedDecision decision, LedgerState state, AgencyRegister register, CancellationToken cancellationToken)
    {
        var assertions = await ReceivedDecisions.ReadAssertionsAsync(connection, [decision.AssertionId], cancellationToken);
        return assertions.TryGetValue(decision.AssertionId, out var assertion)
            && Authenticity.FindProblem(assertion, await ReceivedDecisions.ReadBatchAsync(connection, decision.AssertionId, cancellationToken), register.Credentials[decision.Credential], register.RelyingParty) is null
            && Authenticity.FindFault(decision, state, register, out _) is null;
    }

    /// <summary>An import whose file is missing or is none stops its credential, at the publisher too.</summary>
    private static async Task<bool> IsCompleteAsync(NpgsqlConnection connection, NeverBlockStatement statement, CancellationToken cancellationToken)
    {
        if (statement.FileSha256 is not { } sha256) return true;
        await using var command = new NpgsqlCommand("select content from names.file where sha256 = $1", connection);
        command.Parameters.AddWithValue(sha256);
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] content && Hashes.Sha256(content) == sha256 && SiteFile.Read(content, new NameTable.Builder(), 0).Problem is null;
    }
}
