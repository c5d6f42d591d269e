using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Names.Register;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing.Gates;

/// <summary>
/// Confirms or discards a held version: a statement that the person signs, its row, its reason and its audit row in one
/// transaction. The publisher verifies it before it means anything; what is refused here it would refuse too.
/// </summary>
internal sealed class DecideHeld(IDbContextFactory<BlockListDb> contexts, NpgsqlDataSource database, IStatementSigner signer, IOptions<RelyingPartyOptions> options, TimeProvider clock)
{
    public const string NotYours = "You decided part of what is held. Somebody else must look at it: that is what holding it is for.";

    /// <param name="person">Who signs.</param>
    /// <param name="held">The held version.</param>
    /// <param name="changeSha256">Hash of the change that the person was shown: another one is not decided with it.</param>
    /// <param name="action">Confirm or discard.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="approval">An approver's signed word to the agents, as JSON; null where there is none.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<DecideHeldOutcome> RunAsync(Viewer person, Guid held, string changeSha256, VersionAction action, string reason, string? approval, CancellationToken cancellationToken)
    {
        reason = reason.Trim();
        if (reason.Length is 0 or > RegisterReason.MaximumLength) return new DecideHeldOutcome.NoReason();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FindAsync(connection, held, cancellationToken) is not var (list, gates, change, isOver)) return new DecideHeldOutcome.Refused("There is no such held version.");
        if (isOver) return new DecideHeldOutcome.Refused("This version is not held any more. Look at the newest one.");
        if (Hashes.Sha256(change) != changeSha256) return new DecideHeldOutcome.Refused("The change is another one than the page showed. Open it again.");
        var (credentialId, none) = signer.Find(person);
        if (credentialId is null) return new DecideHeldOutcome.Refused(none!);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var credential = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == credentialId && c.Person == person.Person, cancellationToken);
        if (credential is null) return new DecideHeldOutcome.Refused("Your passkey for decisions is not in the agency register. Ask your agency's administrator.");
        if (credential.Agency is not { } agency) return new DecideHeldOutcome.Refused("People of no agency decide about complaints only. A release officer or the list's owner has to look at this.");
        if (await NationalLists.FindObjectionAsync(db, list, agency, cancellationToken) is { } foreign) return new DecideHeldOutcome.Refused(foreign);
        var empties = gates.HasFlag(Gate.Empty) && action == VersionAction.Confirm;
        if (!credential.Roles.Contains(RegisteredCredential.ListOwner) && (empties || !credential.Roles.Contains(RegisteredCredential.ReleaseOfficer)))
            return new DecideHeldOutcome.Refused(empties ? "Only the list's owner lets it become empty." : "Your passkey for decisions does not stand in the agency register as a release officer's or a list owner's.");
        if (await IsOwnWorkAsync(connection, list, change, person.Person, cancellationToken)) return new DecideHeldOutcome.Refused(NotYours);
        return await StoreAsync(connection, person, credential, (held, list, changeSha256), action, RegisterReason.Of(reason), approval, cancellationToken);
    }

    private async Task<DecideHeldOutcome> StoreAsync(NpgsqlConnection connection, Viewer person, Credential credential, (Guid Id, string List, string ChangeSha256) held,
        VersionAction action, RegisterReason reason, string? approval, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            var (sequence, previous) = await HeadAsync(connection, credential.Id, cancellationToken);
            var statement = new VersionStatement
            {
                Deployment = options.Value.Deployment,
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                Action = action,
                List = held.List,
                Held = held.Id,
                ChangeSha256 = held.ChangeSha256,
                ReasonSha256 = reason.Sha256,
                Agency = credential.Agency!,
                Person = credential.Person,
                Credential = credential.Id,
                Sequence = sequence + 1,
                Previous = previous,
                DecidedAt = Timestamp.Truncate(clock.GetUtcNow()),
            };
            var bytes = statement.ToCanonicalBytes();
            var (nonce, assertion) = signer.Sign(person, nonce => DecisionChallenge.ForStatement(nonce, bytes));
            if (assertion.FindProblem(DecisionChallenge.ForStatement(nonce, bytes), options.Value.RelyingParty, credential.PublicKey) is { } problem)
                return new DecideHeldOutcome.Refused($"The signature does not hold: {problem}. Sign once more.");
            await InsertAsync(connection, statement, bytes, nonce, assertion, reason, approval, cancellationToken);
            await AuditLog.AppendAsync(connection, person.Person, "version." + VersionStatement.Print(action), held.Id.ToString(),
                new JsonObject { ["list"] = held.List, ["change"] = held.ChangeSha256, ["agency"] = statement.Agency }, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new DecideHeldOutcome.Done(statement.Id);
        }
        catch (PostgresException problem) when (problem.ConstraintName is "version_decision_while_held")
        {
            return new DecideHeldOutcome.Refused("This version is not held any more. Look at the newest one.");
        }
        catch (PostgresException problem) when (problem.ConstraintName is "version_decision_sequence")
        {
            return new DecideHeldOutcome.Refused("You signed something else at the same moment. Sign once more.");
        }
        catch (PostgresException problem) when (problem.ConstraintName is "version_decision_person_holds_a_role")
        {
            return new DecideHeldOutcome.Refused("You are neither a release officer nor a list owner any more.");
        }
    }

    private static async Task<(string List, Gate Gates, byte[] Change, bool IsOver)?> FindAsync(NpgsqlConnection connection, Guid held, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select list, gates, change, exists (select from publishing.held_end e where e.held_id = h.id) from publishing.held h where id = $1", connection);
        command.Parameters.AddWithValue(held);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), GateText.Parse(reader.GetFieldValue<string[]>(1)), reader.GetFieldValue<byte[]>(2), reader.GetBoolean(3)) : null;
    }

    /// <summary>Whether the person decided anything about a name in the change.</summary>
    public static async Task<bool> IsOwnWorkAsync(NpgsqlConnection connection, string list, byte[] change, string person, CancellationToken cancellationToken)
    {
        var step = Delta.Parse(change);
        await using var command = new NpgsqlCommand("""
            select exists (select from curation.episode e join curation.decision d on d.episode_id = e.id
              where e.list = $1 and d.person = $2 and (case e.scope when 'host' then '=' || e.name else e.name end) = any ($3))
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(step.Added.Concat(step.Removed).ToArray());
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<(long Sequence, string? Sha256)> HeadAsync(NpgsqlConnection connection, string credential, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select sequence, statement_sha256 from publishing.version_decision where credential = $1 order by sequence desc limit 1", connection);
        command.Parameters.AddWithValue(credential);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetString(1)) : (0, null);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, VersionStatement statement, byte[] bytes, byte[] nonce, Assertion assertion, RegisterReason reason, string? approval, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand("""
            insert into publishing.version_decision (id, held_id, action, agency, person, credential, sequence, previous_sha256, decided_at,
              statement, nonce, authenticator_data, client_data, signature, approval)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """, connection))
        {
            command.Parameters.AddWithValue(statement.Id);
            command.Parameters.AddWithValue(statement.Held);
            command.Parameters.AddWithValue(VersionStatement.Print(statement.Action));
            command.Parameters.AddWithValue(statement.Agency);
            command.Parameters.AddWithValue(statement.Person);
            command.Parameters.AddWithValue(statement.Credential);
            command.Parameters.AddWithValue(statement.Sequence);
            command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)statement.Previous ?? DBNull.Value);
            command.Parameters.AddWithValue(statement.DecidedAt);
            foreach (var part in new[] { bytes, nonce, assertion.AuthenticatorData, assertion.ClientDataJson, assertion.Signature }) command.Parameters.AddWithValue(NpgsqlDbType.Bytea, part);
            command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, (object?)approval ?? DBNull.Value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var why = new NpgsqlCommand("insert into publishing.version_reason (decision_id, salt, text) values ($1, $2, $3)", connection);
        why.Parameters.AddWithValue(statement.Id);
        why.Parameters.AddWithValue(NpgsqlDbType.Bytea, reason.Salt);
        why.Parameters.AddWithValue(reason.Text);
        await why.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>How it ended.</summary>
internal abstract record DecideHeldOutcome
{
    private DecideHeldOutcome()
    {
    }

    internal sealed record Done(Guid Statement) : DecideHeldOutcome;

    /// <summary>The reason is missing or too long.</summary>
    internal sealed record NoReason : DecideHeldOutcome;

    /// <param name="Because">A sentence, and what to do.</param>
    internal sealed record Refused(string Because) : DecideHeldOutcome;
}
