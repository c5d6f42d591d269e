using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>What a form of decisions led to.</summary>
internal abstract record FormOutcome
{
    private FormOutcome()
    {
    }

    /// <summary>It was decided, now or when the same form was sent before.</summary>
    internal sealed record Decided(int Decisions, bool WasBefore) : FormOutcome;

    /// <summary>Nothing was stored, for this reason.</summary>
    internal sealed record Refused(string Reason) : FormOutcome;
}

/// <summary>The way of a form: prepare the statements, have the person's credential sign them, submit. The same form never
/// decides twice.</summary>
internal sealed class SignAndSubmit(NpgsqlDataSource database, IStatementSigner signer, SubmitDecisions submit)
{
    /// <param name="person">Who sent it.</param>
    /// <param name="submission">Id of the form.</param>
    /// <param name="import">The import that the decisions come from.</param>
    /// <param name="prepare">The statements for a credential.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<FormOutcome> RunAsync(Viewer person, Guid submission, Guid? import, Func<string, Task<IReadOnlyList<PreparedDecision>>> prepare, CancellationToken cancellationToken)
    {
        // Asked first: after the first time, what is prepared anew would not fit any more.
        if (await FindBeforeAsync(submission, person, cancellationToken) is { } sent) return sent;
        var (credential, problem) = signer.Find(person);
        if (credential is null) return new FormOutcome.Refused(problem!);
        for (var attempt = 1; ; attempt++)
        {
            IReadOnlyList<PreparedDecision> decisions;
            try
            {
                decisions = await prepare(credential);
            }
            catch (CurationException refusal)
            {
                // A second click may have come through between the question and here: then what stands against the form is what it did itself.
                return await FindBeforeAsync(submission, person, cancellationToken) ?? new FormOutcome.Refused(refusal.Message);
            }
            if (decisions.Count == 0) return new FormOutcome.Refused("There is nothing to decide any more.");
            switch (await submit.RunAsync(SignedDecisions.By(signer, person, decisions), import, submission, cancellationToken))
            {
                case SubmitOutcome.Accepted accepted: return new FormOutcome.Decided(accepted.Decisions, WasBefore: false);
                case SubmitOutcome.AlreadySubmitted before: return new FormOutcome.Decided(before.Decisions, WasBefore: true);
                case SubmitOutcome.Refused refused: return new FormOutcome.Refused(refused.Reason);
                // The person signed in another window at the same moment: the next link of their chain is another one now.
                case SubmitOutcome.Conflict when attempt == 1: break;
                case SubmitOutcome.Conflict conflict: return new FormOutcome.Refused(conflict.Reason);
            }
        }
    }

    private async Task<FormOutcome?> FindBeforeAsync(Guid submission, Viewer person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Submissions.FindAsync(connection, submission, person.Person, cancellationToken) is { } before ? new FormOutcome.Decided(before.Decisions, WasBefore: true) : null;
    }
}
