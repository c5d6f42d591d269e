using BlockList.Format.Statements;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation;

/// <summary>Writes signed decisions as they are, inside the caller's transaction.</summary>
internal static class StoreDecisions
{
    /// <summary>A hundred thousand rows go through their triggers in one statement.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task AssertionAsync(NpgsqlConnection connection, Guid id, SignedDecisions signed, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into curation.assertion (id, credential, form, statements, nonce, authenticator_data, client_data, signature)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """, connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(signed.Decisions[0].Statement.Credential);
        command.Parameters.AddWithValue(signed.IsBatch ? StoredAssertion.Batch : StoredAssertion.OneDecision);
        command.Parameters.AddWithValue(signed.Decisions.Count);
        foreach (var bytes in new[] { signed.Nonce, signed.Assertion.AuthenticatorData, signed.Assertion.ClientDataJson, signed.Assertion.Signature })
            command.Parameters.AddWithValue(NpgsqlDbType.Bytea, bytes);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task DecisionsAsync(NpgsqlConnection connection, Guid assertion, SignedDecisions signed, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync("""
            copy curation.decision (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, supersedes,
              met, rule, case_reference, outcome, sighted_at, decided_at, statement, assertion_id, leaf) from stdin (format binary)
            """, cancellationToken);
        writer.Timeout = Patience;
        for (var leaf = 0; leaf < signed.Decisions.Count; leaf++)
        {
            var (statement, bytes, _) = signed.Decisions[leaf];
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(statement.Id, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(DecisionStatement.Print(statement.Kind), NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.List, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Name.Name.Ascii, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(PrepareDecisions.PrintScope(statement.Name.Scope), NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Episode, NpgsqlDbType.Uuid, cancellationToken);
            await WriteAsync(statement.Agency, NpgsqlDbType.Text);
            await writer.WriteAsync(statement.Person, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Credential, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Sequence, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(statement.Previous, NpgsqlDbType.Text);
            await WriteAsync(statement.Supersedes, NpgsqlDbType.Uuid);
            await WriteAsync(statement.Verdicts is { } v ? v.AreMet([.. v.Criteria]) : null, NpgsqlDbType.Boolean);
            await WriteAsync(statement.Rule, NpgsqlDbType.Text);
            await WriteAsync(statement.Case, NpgsqlDbType.Text);
            await WriteAsync(statement.Outcome is { } outcome ? ComplaintWords.Print(outcome) : null, NpgsqlDbType.Text);
            await WriteAsync(statement.SightedAt, NpgsqlDbType.TimestampTz);
            await writer.WriteAsync(statement.DecidedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellationToken);
            await writer.WriteAsync(assertion, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(leaf, NpgsqlDbType.Integer, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);

        Task WriteAsync(object? value, NpgsqlDbType type) => value is null ? writer.WriteNullAsync(cancellationToken) : writer.WriteAsync(value, type, cancellationToken);
    }

    public static async Task AnnotationsAsync(NpgsqlConnection connection, SignedDecisions signed, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync("copy curation.annotation (decision_id, salt, reference_type, reference_number, note) from stdin (format binary)", cancellationToken);
        writer.Timeout = Patience;
        foreach (var (statement, _, annotation) in signed.Decisions.Where(d => d.Annotation is not null))
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(statement.Id, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(annotation!.Salt, NpgsqlDbType.Bytea, cancellationToken);
            foreach (var text in new[] { annotation.ReferenceType, annotation.ReferenceNumber, annotation.Note })
            {
                if (text is null) await writer.WriteNullAsync(cancellationToken);
                else await writer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
            }
        }
        await writer.CompleteAsync(cancellationToken);
    }
}
