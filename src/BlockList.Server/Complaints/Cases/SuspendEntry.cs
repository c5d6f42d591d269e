using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Takes an entry off the list while a complaint about it is decided: with the next urgent version, within seconds.</summary>
internal sealed class SuspendEntry(SignCaseDecision sign, TimeProvider clock)
{
    /// <param name="connection">With its transaction open, which the caller commits or, where it was not decided, rolls back.</param>
    /// <param name="person">A complaints officer, or oversight, who had no part in the entry and whose agency had none.</param>
    /// <param name="entry">What is suspended, and why.</param>
    /// <param name="until">By when the complaint is to be decided, ten <see cref="WorkingDays"/> from now; nothing comes back then by itself.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<CaseDecision> RunAsync(NpgsqlConnection connection, Viewer person, CaseEntry entry, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var now = Timestamp.Truncate(clock.GetUtcNow());
        var day = Timestamp.Truncate(until);
        if (day <= now || day > now + DecisionStatement.LongestSuspension) return new CaseDecision.Refused("A suspension names a day by which the complaint is decided: ten working days from now, and never more than 31 days.");
        return await sign.RunAsync(connection, person, DecisionKind.Suspension, entry, (blank, _) => blank with { Until = day }, cancellationToken);
    }
}
