using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>
/// Decides what a complaint about one entry came to. Whatever it is, a suspension for it is over. After a rejection the next word is the
/// appeal, which names what it decides anew by itself: oversight's, once, and by somebody else.
/// </summary>
internal sealed class DecideComplaint(SignCaseDecision sign)
{
    /// <param name="connection">With its transaction open, which the caller commits or, where it was not decided, rolls back.</param>
    /// <param name="person">A complaints officer, or oversight, who had no part in the entry and whose agency had none.</param>
    /// <param name="entry">What is complained of, and why it is decided so.</param>
    /// <param name="outcome">Upheld, cleaned and partly end the entry for good; partly is of a whole domain, what is to stay is proposed anew as single hosts.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<CaseDecision> RunAsync(NpgsqlConnection connection, Viewer person, CaseEntry entry, ComplaintOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome == ComplaintOutcome.Partly && await IsHostAsync(connection, entry.Episode, cancellationToken))
            return new CaseDecision.Refused("This entry is one host, and nothing is narrower. Uphold the complaint or reject it.");
        return await sign.RunAsync(connection, person, DecisionKind.ComplaintOutcome, entry,
            (blank, complaint) => blank with { Outcome = outcome, Supersedes = complaint.First?.Decision }, cancellationToken);
    }

    private static async Task<bool> IsHostAsync(NpgsqlConnection connection, Guid episode, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select scope from curation.episode where id = $1", connection);
        command.Parameters.AddWithValue(episode);
        return await command.ExecuteScalarAsync(cancellationToken) as string == Curation.PrepareDecisions.PrintScope(Scope.Host);
    }
}
