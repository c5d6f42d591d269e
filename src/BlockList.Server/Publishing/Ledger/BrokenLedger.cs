using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// Which entries may leave a list although the ledger does not hold. Rows before the broken one stand by the chain, but what is
/// published rests on rows after it too: a list that was derived from the sound rows alone would free whatever somebody wants
/// freed, by changing one row before it. Nor can votes be counted, since the row that is missing may be a vote. What is left is
/// what one authentic decision does by itself, whatever the ledger says: a release officer's removal, a suspension while a complaint is decided,
/// and the outcome of a complaint that is upheld.
/// </summary>
internal static class BrokenLedger
{
    /// <summary>How far a person's clock may be behind the publisher's.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <param name="published">The newest version, as it was signed.</param>
    /// <param name="facts">What was signed of it.</param>
    /// <param name="authentic">Decisions whose signatures hold by the register, straight from where they were received.</param>
    /// <param name="list">Of the register.</param>
    /// <param name="register">In force now.</param>
    /// <returns>One decision for each entry of <paramref name="published"/> that may go, those about complaints first and then the oldest; a version without them adds nothing.</returns>
    public static IReadOnlyList<DecisionStatement> RemovalsThatMayGoOut(ListFile published, ListFacts facts, IEnumerable<DecisionStatement> authentic, RegisteredList list, AgencyRegister register)
    {
        var decisions = authentic.Where(d => d.List == list.Id && d.Deployment == register.Deployment).ToArray();
        return [.. decisions.Where(d => MayGoOut(d, facts, decisions, list, register) && published.Contains(d.Name.ToString())).OrderByDescending(d => d.IsOfComplaint).ThenBy(d => d.DecidedAt).ThenBy(d => d.Id).DistinctBy(d => d.Name)];
    }

    /// <summary>An old removal belongs to an earlier life of the name, and what came after it is not known: only one that was decided
    /// after the version was derived is about what the version lists.</summary>
    private static bool MayGoOut(DecisionStatement decision, ListFacts facts, DecisionStatement[] decisions, RegisteredList list, AgencyRegister register) =>
        list.TestDomain is null
        && TakesOff(decision, register)
        && decision.DecidedAt >= facts.EvaluatedAt - ClockTolerance
        && (decision.Agency is not { } agency || list.IsOpenTo(register.Agencies.GetValueOrDefault(agency)))
        // As far as is known: nobody removes what they assessed, and whoever had a part in the entry decides no complaint about it.
        && !decisions.Any(d => d.Episode == decision.Episode && (decision.IsOfComplaint ? HadPart(d, decision) : d.IsVote && d.Person == decision.Person))
        // Nor an appeal against their own outcome.
        && (decision.Supersedes is not { } first || !decisions.Any(d => d.Id == first && d.Person == decision.Person))
        && !decisions.Any(d => Ends(d, decision, register));

    /// <summary>Signed by somebody whose role that is: whoever has the database alone keeps nobody blocked.</summary>
    private static bool Ends(DecisionStatement end, DecisionStatement suspension, AgencyRegister register) =>
        suspension.Kind == DecisionKind.Suspension
        && (end.Kind == DecisionKind.SuspensionEnd || (end.Kind == DecisionKind.ComplaintOutcome && !end.EndsEpisode))
        && (end.Episode, end.Case) == (suspension.Episode, suspension.Case)
        && end.DecidedAt >= suspension.DecidedAt
        && HasRole(end, register);

    /// <summary>Whether it takes an entry off the list by itself, signed by somebody of the register whose role that is.</summary>
    public static bool TakesOff(DecisionStatement decision, AgencyRegister register) =>
        (decision.EndsEpisode || decision.Kind == DecisionKind.Suspension) && HasRole(decision, register);

    private static bool HasRole(DecisionStatement decision, AgencyRegister register) =>
        register.Credentials.TryGetValue(decision.Credential, out var credential)
        && (credential.Person, credential.Agency) == (decision.Person, decision.Agency)
        && credential.Roles.Any(DecisionRules.RolesFor(decision).Contains)
        && (decision.Supersedes is null || credential.Roles.Contains(RegisteredCredential.Oversight));

    private static bool HadPart(DecisionStatement earlier, DecisionStatement decision) =>
        !earlier.IsOfComplaint && (earlier.Person == decision.Person || (decision.Agency is not null && earlier.Agency == decision.Agency));
}
