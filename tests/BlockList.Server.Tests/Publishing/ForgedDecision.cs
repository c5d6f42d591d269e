using BlockList.Format.Statements;
using BlockList.Server.Curation;
using Npgsql;
using NpgsqlTypes;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Writes decisions around the application, with nothing but a stolen curation login.</summary>
internal static class ForgedDecision
{
    /// <summary>Inserts an assertion and its decisions as they are, episodes included.</summary>
    public static async Task InsertAsync(string connectionString, string assertionCredential, bool isBatch, byte[] nonce, Assertion assertion, params PreparedDecision[] decisions)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var assertionId = Guid.CreateVersion7();
        await ExecuteAsync(connection, """
            insert into curation.assertion (id, credential, form, statements, nonce, authenticator_data, client_data, signature)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """, assertionId, assertionCredential, isBatch ? "batch" : "decision", decisions.Length, nonce, assertion.AuthenticatorData, assertion.ClientDataJson, assertion.Signature);
        for (var leaf = 0; leaf < decisions.Length; leaf++)
        {
            var statement = decisions[leaf].Statement;
            var scope = PrepareDecisions.PrintScope(statement.Name.Scope);
            if (statement.Kind == DecisionKind.Proposal)
                await Database.DecisionTable.OpenEpisodeAsync(connection, statement.Id, statement.List, statement.Name.Name.Ascii, scope);
            await ExecuteAsync(connection, """
                insert into curation.decision (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, supersedes,
                  met, sighted_at, decided_at, statement, assertion_id, leaf, rule, case_reference, outcome)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
                """, statement.Id, DecisionStatement.Print(statement.Kind), statement.List, statement.Name.Name.Ascii, scope, statement.Episode, (object?)statement.Agency ?? DBNull.Value, statement.Person,
                statement.Credential, statement.Sequence, (object?)statement.Previous ?? DBNull.Value, (object?)statement.Supersedes ?? DBNull.Value,
                statement.Verdicts is null ? DBNull.Value : true, (object?)statement.SightedAt ?? DBNull.Value, statement.DecidedAt, decisions[leaf].Bytes, assertionId, leaf, (object?)statement.Rule ?? DBNull.Value,
                (object?)statement.Case ?? DBNull.Value, statement.Outcome is { } outcome ? ComplaintWords.Print(outcome) : DBNull.Value);
        }
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value == DBNull.Value ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Unknown } : new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
