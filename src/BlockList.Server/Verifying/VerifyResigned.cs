using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// What is only signed anew derives nothing. So that nobody keeps names on a list by that, no decision may be kept back meanwhile, and
/// what was evaluated more than a week ago may stay as it is only where a gate holds it. A list that waits for a person, for however
/// long, is signed anew all the same: agents withdraw it by the age of its evaluation.
/// </summary>
internal sealed partial class VerifyResigned(VerifiedLedger ledger, OpenGuard openGuard, IOptions<VerifyingOptions> options, TimeProvider clock, ILogger<VerifyResigned> logger)
{
    /// <summary>Longer than from slot to slot, so that keys can be replaced at any time between two.</summary>
    private static readonly TimeSpan Unlooked = TimeSpan.FromDays(7);

    /// <exception cref="ObjectionException">It is not to be signed anew.</exception>
    public async Task RequireAsync(NpgsqlConnection connection, WaitingCandidate waiting, AgencyRegister register, RegisteredList list, ListFile listed, CancellationToken cancellationToken)
    {
        var (asked, now) = (waiting.Asked, clock.GetUtcNow());
        var isOld = now - asked.EvaluatedAt > Unlooked;
        if (await ReadLedgerAsync(asked, register, isOld, cancellationToken) is not { } state) return;
        if (await FindWithheld.RunAsync(connection, state, register, waiting.CreatedAt.AddMinutes(-options.Value.WithheldMinutes), cancellationToken) is { } withheld) throw new ObjectionException(withheld);
        if (!isOld || list.TestDomain is not null) return;
        var assembled = AssembleList.Run(state, register, list, await openGuard.RunAsync(state, register, cancellationToken), now, asked.Serial);
        var settled = Settled.Of(await HeldVersion.ReadOpenAsync(connection, list.Id, state.Versions, cancellationToken), new DiscardedRemovals(state, assembled, list, register, now).Waits);
        // As if it were the next version, without a change.
        if (FormRules.FindObjection(CandidateForm.Partial, listed, assembled.List, listed, settled, _ => false) is { } objection)
            throw new ObjectionException($"it was evaluated more than {Unlooked.Days} days ago, and cannot be signed anew as it was: {objection}");
    }

    /// <summary>Null where the ledger does not hold: on such a day above all keys must be replaceable, and a week is all that is won by breaking it.</summary>
    private async Task<LedgerState?> ReadLedgerAsync(Candidate asked, AgencyRegister register, bool isOld, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.ReadNewestAsync(register, cancellationToken);
        }
        catch (ObjectionException problem) when (!isOld && !problem.IsOvertaken)
        {
            Log.Unlooked(logger, asked.List, asked.Serial.Value, problem.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "{List} version {Serial} is signed anew without a look at the ledger, which does not hold: {Problem} This is done for a week after its last evaluation.")]
        public static partial void Unlooked(ILogger logger, string list, int serial, string problem);
    }
}
