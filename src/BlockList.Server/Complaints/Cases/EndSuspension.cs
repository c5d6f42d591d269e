using BlockList.Format.Statements;
using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Ends a suspension while its complaint goes on: the entry is on the list again with the next version, if its votes still
/// stand and nothing else keeps it off.</summary>
internal sealed class EndSuspension(SignCaseDecision sign)
{
    /// <param name="connection">With its transaction open, which the caller commits or, where it was not decided, rolls back.</param>
    /// <param name="person">A complaints officer, or oversight, who had no part in the entry and whose agency had none.</param>
    /// <param name="entry">What is suspended, and why it is not any more; no criterion is named.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public Task<CaseDecision> RunAsync(NpgsqlConnection connection, Viewer person, CaseEntry entry, CancellationToken cancellationToken) =>
        sign.RunAsync(connection, person, DecisionKind.SuspensionEnd, entry with { Criterion = null }, (blank, _) => blank, cancellationToken);
}
