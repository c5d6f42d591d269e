using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

/// <summary>Takes a submitted import back: withdraws the agency's votes of it under one signature, but for entries that
/// changed since. What was left, and why, stands on its page afterwards.</summary>
internal sealed class RevertImport(PrepareDecisions prepare, SubmitDecisions submit, IStatementSigner signer, ImportWork work)
{
    /// <param name="id">The import.</param>
    /// <param name="reason">Shared by all withdrawals.</param>
    /// <param name="submission">Of the form.</param>
    /// <param name="viewer">A curator of its agency.</param>
    /// <param name="cancellationToken">Before the work begins.</param>
    public async Task<StartOutcome> StartAsync(Guid id, string reason, Guid submission, Viewer viewer, CancellationToken cancellationToken)
    {
        var (credential, problem) = signer.Find(viewer);
        if (credential is null) return new StartOutcome.Refused(problem!);
        return await work.StartAsync(id, viewer, ImportStates.Committed, ImportStates.Reverting, "import.revert",
            (progress, token) => RunAsync(id, reason, submission, viewer, credential, progress, token), cancellationToken);
    }

    private async Task RunAsync(Guid id, string reason, Guid submission, Viewer viewer, string credential, IProgress<ImportProgress> progress, CancellationToken cancellationToken)
    {
        progress.Report(new ImportProgress("Looking for what changed since", 0, 0));
        var plan = await prepare.ForRevertAsync(id, reason, credential, cancellationToken);
        if (plan.Decisions.Count == 0) throw new CurationException("Every entry of this import changed since, so there is nothing left to take back here. Open an entry to withdraw your agency's vote on it.");
        progress.Report(new ImportProgress("Signing", plan.Decisions.Count, plan.Decisions.Count));
        var signed = SignedDecisions.By(signer, viewer, plan.Decisions);
        progress.Report(new ImportProgress("Checking and storing the withdrawals", 0, 0));
        var outcome = await submit.RunAsync(signed, null, submission, cancellationToken, (connection, token) => FinishAsync(connection, id, viewer, plan, token));
        switch (outcome)
        {
            case SubmitOutcome.Refused refused: throw new CurationException($"{refused.Reason} Nothing was withdrawn.");
            case SubmitOutcome.Conflict conflict: throw new CurationException($"{conflict.Reason} Nothing was withdrawn; look at what would be withdrawn now, and sign once more.");
        }
    }

    private static async Task FinishAsync(NpgsqlConnection connection, Guid id, Viewer viewer, RevertPlan plan, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand("""
            update curation.import set state = 'reverted', reverted_at = clock_timestamp(), reverted_by = $2, reverted = $3, kept = $4, heartbeat_at = null, step = null where id = $1
            """, connection))
        {
            foreach (var value in new object[] { id, viewer.Person, plan.Decisions.Count, plan.Skipped.Count }) command.Parameters.AddWithValue(value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await StoreImport.FindingsAsync(connection, id, ImportFinding.Kept, plan.Skipped.Select(kept => new ImportError(0, kept.Scope, kept.Name, kept.Reason, "Open the entry to decide about it alone.")), cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "import.reverted", id.ToString(), new() { ["withdrawn"] = plan.Decisions.Count, ["kept"] = plan.Skipped.Count }, cancellationToken);
    }
}
