using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>
/// Signs one decision about a complaint and submits it inside the caller's transaction, which writes what the case says of it. What is
/// refused here the database would refuse, and the publisher and the verifier would give no effect.
/// </summary>
internal sealed class SignCaseDecision(IStatementSigner signer, SubmitDecisions submit, IOptions<RelyingPartyOptions> options, TimeProvider clock)
{
    private const int LongestReason = 2000;

    /// <param name="connection">With its transaction open. The caller commits, or rolls back where it was not decided.</param>
    /// <param name="person">Who signs.</param>
    /// <param name="kind">A suspension, its end, or an outcome.</param>
    /// <param name="entry">What it is about.</param>
    /// <param name="fill">What the kind says beyond that. It is given the complaint as it was decided so far.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<CaseDecision> RunAsync(NpgsqlConnection connection, Viewer person, DecisionKind kind, CaseEntry entry, Func<DecisionStatement, ComplaintCase, DecisionStatement> fill, CancellationToken cancellationToken)
    {
        if (entry.Reason.Trim() is not { Length: > 0 and <= LongestReason } reason) return new CaseDecision.Refused($"Give the reason, in at most {LongestReason} characters: who complained is told it, and the next person has nothing else to go by.");
        if (!ComplaintWords.IsReference(entry.Case)) return new CaseDecision.Refused("This is no reference of a complaint. Open the case again.");
        if (entry.Criterion is { } criterion && !ComplaintWords.IsCriterion(criterion)) return new CaseDecision.Refused("There is no such criterion. Choose one of the list's, or none.");
        var (credentialId, none) = signer.Find(person);
        if (credentialId is null) return new CaseDecision.Refused(none!);
        await using var db = BlockListDb.Over(connection);
        var credential = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == credentialId && c.Person == person.Person, cancellationToken);
        if (credential is null) return new CaseDecision.Refused("Your passkey for decisions is not in the agency register. Ask the operator's administrator.");
        if (await db.Episodes.AsNoTracking().SingleOrDefaultAsync(e => e.Id == entry.Episode, cancellationToken) is not { } episode) return new CaseDecision.Refused("The entry does not exist. Look it up again.");
        if (await ListRules.ReadAsync(db, episode.List, cancellationToken) is not { } rules) return new CaseDecision.Refused($"There is no list {episode.List} that takes decisions.");
        var replayed = await ReplayEpisodes.RunAsync(connection, [episode.Id], new HashSet<Guid>(), rules, cancellationToken);
        if (!replayed.TryGetValue(episode.Id, out var stands)) return new CaseDecision.Refused("Nothing was decided on this entry yet. Look it up again.");
        var chain = await StatementChain.ContinueAsync(connection, credential, options.Value.Deployment, clock, cancellationToken);
        chain.Add(kind, episode.List, PrepareDecisions.NameOf(episode.Name, episode.Scope), episode.Id, Annotation.Of(null, null, reason),
            blank => fill(blank with { Case = entry.Case, Criterion = entry.Criterion }, stands.State.ComplaintOf(entry.Case)));
        return await submit.WithinAsync(connection, SignedDecisions.By(signer, person, chain.Decisions), null, cancellationToken) switch
        {
            SubmitOutcome.Accepted => new CaseDecision.Decided(chain.Decisions[0].Statement.Id),
            SubmitOutcome.Refused refused => new CaseDecision.Refused(refused.Reason),
            SubmitOutcome.Conflict conflict => new CaseDecision.Overtaken(conflict.Reason),
            _ => throw new InvalidOperationException("no form was sent, and so none was sent before"),
        };
    }
}
