using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Tools.Deployments;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>A word on a held version as a person's own software could sign and store it, past the application.</summary>
internal static class SignedWord
{
    /// <param name="world">Where it is stored.</param>
    /// <param name="person">Whose passkey signs.</param>
    /// <param name="said">What is signed, but for who signs it.</param>
    /// <param name="row">The held version that its row names; null: the one that is signed.</param>
    public static async Task<Guid> InsertAsync(PublishingWorld world, string person, Func<VersionStatement, VersionStatement> said, Guid? row = null)
    {
        var (credential, agency) = (world.Cast[person].Credential().Id, world.Cast[person].Credential().Agency);
        var sequence = await world.Database.ScalarAsync<long>("select count(*) + 1 from publishing.version_decision where credential = $1", credential);
        var held = await world.Database.ScalarAsync<Guid>("select id from publishing.held order by held_at desc limit 1");
        var statement = said(new VersionStatement
        {
            Deployment = world.Keys.Deployment,
            Id = Guid.CreateVersion7(),
            Action = VersionAction.Confirm,
            List = DevelopmentKeys.WorstOf,
            Held = held,
            ChangeSha256 = (await world.Database.ScalarAsync<string>("select change_sha256 from publishing.held where id = $1", held))!,
            ReasonSha256 = Hashes.Sha256("looked at it"u8),
            Agency = agency!,
            Person = person,
            Credential = credential,
            Sequence = sequence,
            Previous = await world.Database.ScalarAsync<string?>("select statement_sha256 from publishing.version_decision where credential = $1 order by sequence desc limit 1", credential),
            DecidedAt = Timestamp.Truncate(world.Now),
        });
        var (bytes, nonce) = (statement.ToCanonicalBytes(), RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength));
        using var key = world.Cast[person].OpenPasskey();
        var assertion = Assertion.Create(key, DecisionChallenge.ForStatement(nonce, bytes), DevelopmentKeys.RelyingParty);
        await using var connection = new NpgsqlConnection(world.Database.Curation);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await ForgedDecision.ExecuteAsync(connection, """
            insert into publishing.version_decision (id, held_id, action, agency, person, credential, sequence, previous_sha256, decided_at, statement, nonce, authenticator_data, client_data, signature)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """, statement.Id, row ?? statement.Held, VersionStatement.Print(statement.Action), statement.Agency, statement.Person, statement.Credential, statement.Sequence, (object?)statement.Previous ?? DBNull.Value,
            statement.DecidedAt, bytes, nonce, assertion.AuthenticatorData, assertion.ClientDataJson, assertion.Signature);
        return statement.Id;
    }
}
