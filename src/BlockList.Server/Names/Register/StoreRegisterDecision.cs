using BlockList.Format.Statements;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Names.Register;

/// <summary>Writes a signed change of the register as it is, inside the caller's transaction.</summary>
internal static class StoreRegisterDecision
{
    /// <summary>Number and hash of a credential's last statement, (0, null) before its first.</summary>
    public static async Task<(long Sequence, string? Sha256)> HeadAsync(NpgsqlConnection connection, string credential, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select sequence, statement_sha256 from names.decision where credential = $1 order by sequence desc limit 1", connection);
        command.Parameters.AddWithValue(credential);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetString(1)) : (0, null);
    }

    public static async Task RunAsync(NpgsqlConnection connection, NeverBlockStatement statement, byte[] bytes, byte[] nonce, Assertion assertion, RegisterReason reason,
        (byte[] Content, SiteFile Read)? file, CancellationToken cancellationToken)
    {
        if (file is { } imported)
        {
            await using var store = new NpgsqlCommand("insert into names.file (sha256, content) values ($1, $2) on conflict (sha256) do nothing", connection);
            store.Parameters.AddWithValue(statement.FileSha256!);
            store.Parameters.AddWithValue(NpgsqlDbType.Bytea, imported.Content);
            await store.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var command = new NpgsqlCommand("""
            insert into names.decision (id, action, source, name, proof, retires, file_sha256, rows, left_out, agency, person, credential, sequence, previous_sha256, decided_at,
              statement, nonce, authenticator_data, client_data, signature)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            """, connection))
        {
            command.Parameters.AddWithValue(statement.Id);
            command.Parameters.AddWithValue(NeverBlockStatement.Print(statement.Action));
            command.Parameters.AddWithValue(statement.Source);
            Add(NpgsqlDbType.Text, statement.Name?.Ascii);
            Add(NpgsqlDbType.Uuid, statement.Proof);
            Add(NpgsqlDbType.Uuid, statement.Retires);
            Add(NpgsqlDbType.Text, statement.FileSha256);
            Add(NpgsqlDbType.Integer, file?.Read.Rows);
            Add(NpgsqlDbType.Integer, file?.Read.LeftOut);
            command.Parameters.AddWithValue(statement.Agency);
            command.Parameters.AddWithValue(statement.Person);
            command.Parameters.AddWithValue(statement.Credential);
            command.Parameters.AddWithValue(statement.Sequence);
            Add(NpgsqlDbType.Text, statement.Previous);
            command.Parameters.AddWithValue(statement.DecidedAt);
            foreach (var part in new[] { bytes, nonce, assertion.AuthenticatorData, assertion.ClientDataJson, assertion.Signature }) command.Parameters.AddWithValue(NpgsqlDbType.Bytea, part);
            await command.ExecuteNonQueryAsync(cancellationToken);

            void Add(NpgsqlDbType type, object? value) => command.Parameters.AddWithValue(type, value ?? DBNull.Value);
        }
        await using var why = new NpgsqlCommand("insert into names.reason (decision_id, salt, text) values ($1, $2, $3)", connection);
        why.Parameters.AddWithValue(statement.Id);
        why.Parameters.AddWithValue(NpgsqlDbType.Bytea, reason.Salt);
        why.Parameters.AddWithValue(reason.Text);
        await why.ExecuteNonQueryAsync(cancellationToken);
    }
}
