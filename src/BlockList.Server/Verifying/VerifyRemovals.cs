using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>Judges a version that takes entries off a list while the publisher's ledger does not hold: by the removals that people signed,
/// read and verified here, and by what was signed here before.</summary>
internal sealed class VerifyRemovals(VerifyingRecord record)
{
    /// <param name="connection">The verifier's.</param>
    /// <param name="asked">The candidate.</param>
    /// <param name="register">That it goes by.</param>
    /// <param name="list">Of the register.</param>
    /// <param name="previous">The version before, and what was signed of it.</param>
    /// <param name="proposed">What the publisher wants signed.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    /// <exception cref="ObjectionException">It does more than removals let it.</exception>
    public async Task RequireAsync(NpgsqlConnection connection, Candidate asked, AgencyRegister register, RegisteredList list, (ListFile List, TargetsDocument? Signed) previous, ListFile proposed,
        CancellationToken cancellationToken)
    {
        if (previous.Signed is not { } before) throw new ObjectionException("no version before was signed here, and without the ledger it goes on from none.");
        var removals = await ReceivedRemovals.ReadAsync(connection, previous.List, TargetsRules.FactsOf(before), list, register, cancellationToken);
        var (_, freed) = SignedStep.SumOfDay(await record.StepsAsync(connection, list.Id, asked.EvaluatedAt, cancellationToken), asked.Previous?.Serial.Value ?? 0, asked.EvaluatedAt);
        if (BrokenRules.FindObjection(previous.List, proposed, ListFile.Of(removals.Select(removal => removal.Name)), freed) is { } objection) throw new ObjectionException(objection);
    }
}
