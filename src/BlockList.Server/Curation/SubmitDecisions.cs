using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation;

/// <summary>How a submission ended.</summary>
internal abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    internal sealed record Accepted(int Decisions) : SubmitOutcome;

    /// <summary>The signature or a statement does not hold; nothing was stored.</summary>
    internal sealed record Refused(string Reason) : SubmitOutcome;

    /// <summary>Someone else changed the same entries, or this person signed elsewhere meanwhile; prepare and sign again.</summary>
    internal sealed record Conflict(string Reason) : SubmitOutcome;
}

/// <summary>Receives signed decisions: checks them, then stores statements, signature, episodes and audit row in one transaction.</summary>
internal sealed class SubmitDecisions(IDbContextFactory<BlockListDb> contexts, NameGuard guard, IOptions<RelyingPartyOptions> options, TimeProvider clock)
{
    public async Task<SubmitOutcome> RunAsync(SignedDecisions signed, Guid? import, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindObjectionAsync(db, signed, cancellationToken) is { } objection) return new SubmitOutcome.Refused(objection);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var assertionId = Guid.CreateVersion7(clock.GetUtcNow());
        try
        {
            await StoreAssertionAsync(connection, assertionId, signed, cancellationToken);
            if (await CloseLapsedAsync(db, signed, cancellationToken))
                return new SubmitOutcome.Refused("This entry has lapsed. Propose it anew, with a fresh sighting; other agencies then assess it again.");
            await StoreEpisodesAsync(connection, signed, cancellationToken);
            await StoreDecisionsAsync(connection, assertionId, signed, cancellationToken);
            await StoreAnnotationsAsync(connection, signed, cancellationToken);
            await CloseRemovedAsync(db, signed, cancellationToken);
            if (import is { } id && await db.Imports.Where(i => i.Id == id && i.SubmittedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.SubmittedAt, clock.GetUtcNow()), cancellationToken) == 0)
                return new SubmitOutcome.Conflict("The import was submitted already.");
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.CheckViolation)
        {
            return problem.SqlState == PostgresErrorCodes.UniqueViolation
                ? new SubmitOutcome.Conflict($"Someone was faster with one of these entries, or you signed elsewhere meanwhile ({problem.ConstraintName}). Look at the entries again and sign once more.")
                : new SubmitOutcome.Refused($"A decision breaks a rule of the database ({problem.ConstraintName ?? problem.MessageText}).");
        }
        var first = signed.Decisions[0].Statement;
        await AuditLog.AppendAsync(connection, first.Person, "decision.submit", assertionId.ToString(), new()
        {
            ["agency"] = first.Agency,
            ["list"] = first.List,
            ["kinds"] = string.Join(' ', signed.Decisions.Select(d => DecisionStatement.Print(d.Statement.Kind)).Distinct()),
            ["decisions"] = signed.Decisions.Count,
            ["first"] = first.Id.ToString(),
        }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SubmitOutcome.Accepted(signed.Decisions.Count);
    }

    private async Task<string?> FindObjectionAsync(BlockListDb db, SignedDecisions signed, CancellationToken cancellationToken)
    {
        if (signed.Decisions.Count == 0) return "There is nothing to submit.";
        var first = signed.Decisions[0].Statement;
        var credential = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == first.Credential, cancellationToken);
        if (credential is null) return "The credential is not registered.";
        if (signed.Decisions.Any(d => d.Statement.Credential != credential.Id || d.Statement.Person != credential.Person || d.Statement.Agency != credential.Agency))
            return "A statement names another person or agency than the credential's.";
        if (signed.Decisions.Any(d => d.Statement.List != first.List)) return "One signature covers decisions on one list.";
        if (await NationalLists.FindObjectionAsync(db, first.List, credential.Agency, cancellationToken) is { } national) return national;
        if (signed.Decisions.Any(d => d.Statement.Deployment != options.Value.Deployment)) return "A statement is for another deployment.";
        if (signed.Decisions.Any(d => d.Statement.SightedAt > clock.GetUtcNow())) return "A sighting lies in the future.";
        if (signed.Decisions.Any(d => !credential.Roles.Contains(d.Statement.Kind == DecisionKind.Removal ? RegisteredCredential.ReleaseOfficer : RegisteredCredential.Curator)))
            return "This person has not the role for such a decision.";
        if (signed.Decisions.Where(d => d.Statement.Kind == DecisionKind.Proposal).Select(d => FindObjection(d.Statement.Name)).FirstOrDefault(o => o is not null) is { } unfit)
            return unfit;
        var removed = signed.Decisions.Where(d => d.Statement.Kind == DecisionKind.Removal).Select(d => d.Statement.Episode).ToArray();
        if (removed.Length > 0 && await db.Decisions.AnyAsync(d => removed.Contains(d.EpisodeId) && d.Person == credential.Person && d.Kind != "sighting" && d.Kind != "removal", cancellationToken))
            return "Nobody removes an entry that they assessed. Ask another release officer.";
        return signed.Assertion.FindProblem(signed.Challenge, options.Value.RelyingParty, credential.PublicKey) is { } problem ? $"The signature does not hold: {problem}." : null;
    }

    /// <summary>A name comes from a person here and nowhere else, so it is read as strictly as what people type, and asked
    /// of the guard: an import was asked too, but its drafts can be days old.</summary>
    private string? FindObjection(ListedName name)
    {
        if (!DomainName.TryParse(name.Name.Ascii, out var typed, out var problem)) return $"{problem.Message} {problem.Fix}";
        return guard.Check(typed, name.Scope) is GuardVerdict.Refuse refused ? $"{refused.Problem.Message} {refused.Problem.Fix}" : null;
    }

    private static async Task StoreAssertionAsync(NpgsqlConnection connection, Guid id, SignedDecisions signed, CancellationToken cancellationToken)
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

    /// <summary>An episode whose lease ran out is over. A proposal opens the next; nothing else is received for it.</summary>
    /// <returns>Whether a decision other than a proposal was for such an episode.</returns>
    private async Task<bool> CloseLapsedAsync(BlockListDb db, SignedDecisions signed, CancellationToken cancellationToken)
    {
        var list = signed.Decisions[0].Statement.List;
        var lease = await db.Lists.Where(l => l.Id == list).Select(l => l.LeaseMonths).SingleOrDefaultAsync(cancellationToken) ?? 0;
        var now = clock.GetUtcNow();
        var touched = signed.Decisions.Where(d => d.Statement.Kind != DecisionKind.Proposal).Select(d => d.Statement.Episode).ToHashSet();
        foreach (var names in signed.Decisions.Select(d => d.Statement.Name.Name.Ascii).Chunk(5000))
        {
            var open = await db.Episodes.Where(e => e.List == list && e.ClosedAt == null && names.Contains(e.Name))
                .Select(e => new { e.Id, Newest = db.Decisions.Where(d => d.EpisodeId == e.Id).Max(d => d.SightedAt) }).ToListAsync(cancellationToken);
            var lapsed = open.Where(e => e.Newest is null || e.Newest.Value.AddMonths(lease) <= now).Select(e => e.Id).ToArray();
            if (lapsed.Any(touched.Contains)) return true;
            if (lapsed.Length > 0) await db.Episodes.Where(e => lapsed.Contains(e.Id)).ExecuteUpdateAsync(set => set.SetProperty(e => e.ClosedAt, now), cancellationToken);
        }
        return false;
    }

    private static async Task StoreEpisodesAsync(NpgsqlConnection connection, SignedDecisions signed, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync("copy curation.episode (id, list, name, scope) from stdin (format binary)", cancellationToken);
        foreach (var statement in signed.Decisions.Select(d => d.Statement).Where(s => s.Kind == DecisionKind.Proposal))
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(statement.Id, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(statement.List, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Name.Name.Ascii, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(PrepareDecisions.PrintScope(statement.Name.Scope), NpgsqlDbType.Text, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);
    }

    private static async Task StoreDecisionsAsync(NpgsqlConnection connection, Guid assertion, SignedDecisions signed, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync("""
            copy curation.decision (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, supersedes,
              met, sighted_at, decided_at, statement, assertion_id, leaf) from stdin (format binary)
            """, cancellationToken);
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
            await writer.WriteAsync(statement.Agency, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Person, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Credential, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(statement.Sequence, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(statement.Previous, NpgsqlDbType.Text);
            await WriteAsync(statement.Supersedes, NpgsqlDbType.Uuid);
            await WriteAsync(statement.Verdicts is { } v ? v.AreMet([.. v.Criteria]) : null, NpgsqlDbType.Boolean);
            await WriteAsync(statement.SightedAt, NpgsqlDbType.TimestampTz);
            await writer.WriteAsync(statement.DecidedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellationToken);
            await writer.WriteAsync(assertion, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(leaf, NpgsqlDbType.Integer, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);

        Task WriteAsync(object? value, NpgsqlDbType type) => value is null ? writer.WriteNullAsync(cancellationToken) : writer.WriteAsync(value, type, cancellationToken);
    }

    private static async Task StoreAnnotationsAsync(NpgsqlConnection connection, SignedDecisions signed, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync("copy curation.annotation (decision_id, salt, reference_type, reference_number, note) from stdin (format binary)", cancellationToken);
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

    private async Task CloseRemovedAsync(BlockListDb db, SignedDecisions signed, CancellationToken cancellationToken)
    {
        var removed = signed.Decisions.Where(d => d.Statement.Kind == DecisionKind.Removal).Select(d => d.Statement.Episode).ToArray();
        if (removed.Length > 0)
            await db.Episodes.Where(e => removed.Contains(e.Id)).ExecuteUpdateAsync(set => set.SetProperty(e => e.ClosedAt, clock.GetUtcNow()), cancellationToken);
    }
}
