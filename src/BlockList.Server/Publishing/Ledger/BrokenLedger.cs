using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// Which entries may leave a list although the ledger does not hold. Rows before the broken one stand by the chain, but what is
/// published rests on rows after it too: a list that was derived from the sound rows alone would free whatever somebody wants
/// freed, by changing one row before it. Nor can votes be counted, since the row that is missing may be a vote. What is left is
/// what one authentic decision does by itself, whatever the ledger says: a release officer's removal.
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
    /// <returns>One removal for each entry of <paramref name="published"/> that may go, the oldest first; a version without them adds nothing.</returns>
    public static IReadOnlyList<DecisionStatement> RemovalsThatMayGoOut(ListFile published, ListFacts facts, IEnumerable<DecisionStatement> authentic, RegisteredList list, AgencyRegister register)
    {
        var decisions = authentic.Where(d => d.List == list.Id && d.Deployment == register.Deployment).ToArray();
        return [.. decisions.Where(d => MayGoOut(d, facts, decisions, list, register) && published.Contains(d.Name.ToString())).OrderBy(d => d.DecidedAt).ThenBy(d => d.Id).DistinctBy(d => d.Name)];
    }

    /// <summary>An old removal belongs to an earlier life of the name, and what came after it is not known: only one that was decided
    /// after the version was derived is about what the version lists.</summary>
    private static bool MayGoOut(DecisionStatement decision, ListFacts facts, DecisionStatement[] decisions, RegisteredList list, AgencyRegister register) =>
        list.TestDomain is null
        && decision.Kind == DecisionKind.Removal
        && decision.DecidedAt >= facts.EvaluatedAt - ClockTolerance
        && register.Credentials.TryGetValue(decision.Credential, out var credential)
        && (credential.Person, credential.Agency) == (decision.Person, decision.Agency)
        && credential.Roles.Contains(RegisteredCredential.ReleaseOfficer)
        && list.IsOpenTo(register.Agencies.GetValueOrDefault(decision.Agency))
        // As far as is known: nobody removes what they assessed.
        && !decisions.Any(d => d.Episode == decision.Episode && d.IsVote && d.Person == decision.Person);
}
