using System.Text.Json.Nodes;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Receives signed decisions: checks them, then stores statements, signature, what the episodes' rows say and the
/// audit row in one transaction.</summary>
internal sealed class SubmitDecisions(IDbContextFactory<BlockListDb> contexts, CurrentGuard guards, IOptions<RelyingPartyOptions> options, TimeProvider clock)
{
    public Task<SubmitOutcome> RunAsync(SignedDecisions signed, Guid? import, CancellationToken cancellationToken) => RunAsync(signed, import, null, cancellationToken);

    /// <param name="signed">The decisions of one person on one list.</param>
    /// <param name="import">The import that they come from.</param>
    /// <param name="submission">Random, of the form that was sent: the same one does nothing a second time.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    /// <param name="beside">What is to be written in the same transaction.</param>
    public async Task<SubmitOutcome> RunAsync(SignedDecisions signed, Guid? import, Guid? submission, CancellationToken cancellationToken, Func<NpgsqlConnection, CancellationToken, Task>? beside = null)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindObjectionAsync(db, signed, cancellationToken) is { } objection) return new SubmitOutcome.Refused(objection);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var outcome = await TakeAsync(db, (NpgsqlConnection)db.Database.GetDbConnection(), signed, import, submission, beside, cancellationToken);
        if (outcome is SubmitOutcome.Accepted) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    /// <summary>The same inside the caller's transaction, which the caller commits; where the answer is another than accepted, it must be
    /// rolled back.</summary>
    public async Task<SubmitOutcome> WithinAsync(NpgsqlConnection connection, SignedDecisions signed, Guid? submission, CancellationToken cancellationToken)
    {
        await using var db = BlockListDb.Over(connection);
        if (await FindObjectionAsync(db, signed, cancellationToken) is { } objection) return new SubmitOutcome.Refused(objection);
        return await TakeAsync(db, connection, signed, null, submission, null, cancellationToken);
    }

    private async Task<SubmitOutcome> TakeAsync(BlockListDb db, NpgsqlConnection connection, SignedDecisions signed, Guid? import, Guid? submission, Func<NpgsqlConnection, CancellationToken, Task>? beside, CancellationToken cancellationToken)
    {
        var first = signed.Decisions[0].Statement;
        if (await ListRules.ReadAsync(db, first.List, cancellationToken) is not { } rules) return new SubmitOutcome.Refused($"There is no list {first.List} that takes decisions.");
        var assertionId = Guid.CreateVersion7(clock.GetUtcNow());
        try
        {
            await StoreDecisions.AssertionAsync(connection, assertionId, signed, cancellationToken);
            // The second of two same forms waits here for the first, and finds what it did.
            if (submission is { } form && !await Submissions.AddAsync(connection, form, assertionId, signed, cancellationToken))
                return await Submissions.FindAsync(connection, form, first.Person, cancellationToken)
                    ?? (SubmitOutcome)new SubmitOutcome.Refused("This form was sent by another person. Open the page again.");
            if (await StoreAsync(connection, assertionId, signed, signed.IsBatch || import is not null, rules, cancellationToken) is { } refusal) return refusal;
            if (import is { } id && await db.Imports.Where(i => i.Id == id && i.SubmittedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.SubmittedAt, clock.GetUtcNow()).SetProperty(i => i.AssertionId, assertionId), cancellationToken) == 0)
                return new SubmitOutcome.Conflict("The import was submitted already.");
            if (beside is not null) await beside(connection, cancellationToken);
        }
        catch (PostgresException problem) when (DecisionRefusals.Knows(problem))
        {
            return DecisionRefusals.Of(problem);
        }
        var detail = new JsonObject
        {
            ["agency"] = first.Agency,
            ["list"] = first.List,
            ["kinds"] = Submissions.KindsOf(signed),
            ["decisions"] = signed.Decisions.Count,
            ["first"] = first.Id.ToString(),
        };
        if (import is not null) detail["import"] = import.Value.ToString();
        if (first.Case is not null) detail["case"] = first.Case;
        await AuditLog.AppendAsync(connection, first.Person, "decision.submit", assertionId.ToString(), detail, cancellationToken);
        return new SubmitOutcome.Accepted(signed.Decisions.Count);
    }

    /// <returns>Why nothing is to be stored, or null.</returns>
    private async Task<SubmitOutcome?> StoreAsync(NpgsqlConnection connection, Guid assertion, SignedDecisions signed, bool isOfBatch, ListRules rules, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var statements = signed.Decisions.Select(d => d.Statement).ToArray();
        var proposals = statements.Where(s => s.Kind == DecisionKind.Proposal).ToArray();
        var others = statements.Where(s => s.Kind != DecisionKind.Proposal).ToArray();
        var episodes = others.Length == 0 ? [] : await ReplayEpisodes.RunAsync(connection, others.Select(s => s.Episode).ToHashSet(),
            others.Where(s => s.Verdicts?.AnyNotMet == true).Select(s => s.Episode).ToHashSet(), rules, cancellationToken);
        foreach (var statement in others)
        {
            var episode = episodes.GetValueOrDefault(statement.Episode);
            if (statement.IsOfComplaint && await Parts.ExistAsync(connection, statement.Episode, statement.Person, statement.Agency, cancellationToken)) return new SubmitOutcome.Refused(DecisionRefusals.HasPart);
            var isOversight = statement.IsOfComplaint && await HasRoleAsync(connection, statement.Credential, RegisteredCredential.Oversight, cancellationToken);
            if (DecisionRefusals.Find(statement, episode, rules, now, isOversight) is { } reason) return new SubmitOutcome.Refused(reason);
            episode!.State.Take(statement, rules.List, now);
        }
        await StoreEpisodes.ReplaceAsync(connection, proposals, now, cancellationToken);
        await StoreEpisodes.OpenAsync(connection, [.. signed.Decisions.Index().Where(d => d.Item.Statement.Kind == DecisionKind.Proposal).Select(d => (d.Item.Statement, isOfBatch ? d.Index : (int?)null))], assertion, rules, now, cancellationToken);
        await StoreDecisions.DecisionsAsync(connection, assertion, signed, cancellationToken);
        await StoreDecisions.AnnotationsAsync(connection, signed, cancellationToken);
        await StoreEpisodes.UpdateAsync(connection, [.. episodes.Select(e => (e.Key, EpisodeSummary.Of(e.Value.State, rules, now, e.Value.WaitsSince)))], now, cancellationToken);
        await ReleaseClaimsAsync(connection, statements[0].Person, [.. episodes.Keys], cancellationToken);
        return null;
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
        if (credential.Agency is { } agency && await NationalLists.FindObjectionAsync(db, first.List, agency, cancellationToken) is { } national) return national;
        if (signed.Decisions.Any(d => d.Statement.Deployment != options.Value.Deployment)) return "A statement is for another deployment.";
        if (signed.Decisions.Any(d => d.Statement.SightedAt > clock.GetUtcNow())) return "A sighting lies in the future. Write when a person last saw the material.";
        if (signed.Decisions.Any(d => !credential.Roles.Any(RolesFor(d.Statement).Contains)))
            return "This person has not the role for such a decision.";
        var proposed = signed.Decisions.Where(d => d.Statement.Kind == DecisionKind.Proposal).Select(d => d.Statement.Name).ToArray();
        if (proposed.Length > 0 && await guards.ReadAsync(cancellationToken) is var guard && proposed.Select(name => FindObjection(guard, name)).FirstOrDefault(o => o is not null) is { } unfit)
            return unfit;
        return signed.Assertion.FindProblem(signed.Challenge, options.Value.RelyingParty, credential.PublicKey) is { } problem ? $"The signature does not hold: {problem}." : null;
    }

    private static string[] RolesFor(DecisionStatement statement) => statement.IsOfComplaint ? [RegisteredCredential.ComplaintsOfficer, RegisteredCredential.Oversight]
        : [statement.IsOfRelease ? RegisteredCredential.ReleaseOfficer : RegisteredCredential.Curator];

    /// <summary>By the copy of the register, and by what the person is now.</summary>
    private static async Task<bool> HasRoleAsync(NpgsqlConnection connection, string credential, string role, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select exists (select from access.credential c join access.person p on p.id = c.person where c.id = $1 and $2 = any (c.roles) and $2 = any (p.roles))", connection);
        command.Parameters.AddWithValue(credential);
        command.Parameters.AddWithValue(role);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A name comes from a person here and nowhere else, so it is read as strictly as what people type, and asked
    /// of the guard: an import was asked too, but its drafts can be days old.</summary>
    private static string? FindObjection(NameGuard guard, ListedName name)
    {
        if (!DomainName.TryParse(name.Name.Ascii, out var typed, out var problem)) return $"{problem.Message} {problem.Fix}";
        return guard.Check(typed, name.Scope).Objection is { } unfit ? $"{unfit.Message} {unfit.Fix}" : null;
    }

    /// <summary>What was decided is no longer at work.</summary>
    private static async Task ReleaseClaimsAsync(NpgsqlConnection connection, string person, Guid[] episodes, CancellationToken cancellationToken)
    {
        if (episodes.Length == 0) return;
        await using var command = new NpgsqlCommand("delete from curation.claim where episode_id = any ($1) and person = $2", connection);
        command.Parameters.AddWithValue(episodes);
        command.Parameters.AddWithValue(person);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
