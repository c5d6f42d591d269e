using BlockList.Server.Access;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation.Importing;

/// <summary>Proposes what an import staged: one signature over all of it, and one transaction. Rows that other agencies
/// proposed stay tasks.</summary>
internal sealed class CommitImport(IDbContextFactory<BlockListDb> contexts, PrepareDecisions prepare, SubmitDecisions submit, IStatementSigner signer, ImportWork work)
{
    private const string Advice = "Nothing was decided. Discard this import and import the file again: names that another agency proposed meanwhile become tasks to review.";

    /// <param name="id">The import.</param>
    /// <param name="submission">Of the form.</param>
    /// <param name="viewer">A curator of its agency.</param>
    /// <param name="cancellationToken">Before the work begins.</param>
    public async Task<StartOutcome> StartAsync(Guid id, Guid submission, Viewer viewer, CancellationToken cancellationToken)
    {
        var (credential, problem) = signer.Find(viewer);
        if (credential is null) return new StartOutcome.Refused(problem!);
        return await work.StartAsync(id, viewer, ImportStates.Staged, ImportStates.Committing, "import.commit",
            (progress, token) => RunAsync(id, submission, viewer, credential, progress, token), cancellationToken);
    }

    private async Task RunAsync(Guid id, Guid submission, Viewer viewer, string credential, IProgress<ImportProgress> progress, CancellationToken cancellationToken)
    {
        await RequireSameCriteriaAsync(id, cancellationToken);
        var outcome = await AttemptAsync(id, submission, viewer, credential, progress, cancellationToken);
        // The person signed in another window at the same moment: the next link of their chain is another one now.
        if (outcome is SubmitOutcome.Conflict) outcome = await AttemptAsync(id, submission, viewer, credential, progress, cancellationToken);
        switch (outcome)
        {
            case SubmitOutcome.Refused refused: throw new CurationException($"{refused.Reason} {Advice}");
            case SubmitOutcome.Conflict conflict: throw new CurationException($"{conflict.Reason} {Advice}");
        }
    }

    private async Task<SubmitOutcome> AttemptAsync(Guid id, Guid submission, Viewer viewer, string credential, IProgress<ImportProgress> progress, CancellationToken cancellationToken)
    {
        progress.Report(new ImportProgress("Writing the statements", 0, 0));
        var decisions = await prepare.ForImportAsync(id, credential, cancellationToken);
        if (decisions.Count == 0) throw new CurationException("There is nothing in this import to propose. Nothing was decided.");
        progress.Report(new ImportProgress("Signing", decisions.Count, decisions.Count));
        var signed = SignedDecisions.By(signer, viewer, decisions);
        progress.Report(new ImportProgress("Checking and storing the decisions", 0, 0));
        return await submit.RunAsync(signed, id, submission, cancellationToken);
    }

    /// <summary>A verdict on a criterion is no verdict on what the criterion became.</summary>
    private async Task RequireSameCriteriaAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var import = await db.Imports.AsNoTracking().SingleAsync(i => i.Id == id, cancellationToken);
        var criteria = await PrepareDecisions.CriteriaAsync(db, import.List, cancellationToken);
        if (import.CriteriaSha256 is { } judged && judged != criteria.Sha256)
            throw new CurationException($"The criteria of {import.List} have changed since the file was checked: version {criteria.Version} applies now. Nothing was decided. Read the new criteria, mend the file where they say something else, discard this import and import the file again.");
    }
}
