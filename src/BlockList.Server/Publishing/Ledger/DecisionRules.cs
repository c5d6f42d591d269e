using BlockList.Format.Statements;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// What an authentic decision must also be to have effect. The same rules stand as constraints where decisions are
/// received; here they hold although someone wrote around those.
/// </summary>
internal static class DecisionRules
{
    /// <summary>Why the decision has no effect, or null where it has.</summary>
    /// <param name="statement">What was decided.</param>
    /// <param name="credential">Whose signature it bears.</param>
    /// <param name="state">All that was decided before.</param>
    /// <param name="register">In force now.</param>
    /// <param name="receivedAt">When it was taken.</param>
    /// <param name="isEarly">Its episode is yet to open; what its state forbids is asked then.</param>
    public static string? FindObjection(DecisionStatement statement, RegisteredCredential credential, LedgerState state, AgencyRegister register, DateTimeOffset receivedAt, bool isEarly)
    {
        if (!register.Lists.TryGetValue(statement.List, out var list)) return "the register has no such list";
        if (list.TestDomain is not null) return "a list of test names takes no decisions";
        if (statement.Agency is { } agency && !list.IsOpenTo(register.Agencies.GetValueOrDefault(agency))) return "the list is of another country than the agency";
        if (!credential.Roles.Any(RolesFor(statement).Contains))
            return "the person has not the role for this decision";
        if (statement.SightedAt > receivedAt) return "the sighting lies in the future";
        if (statement.Verdicts is { } verdicts)
        {
            var criteria = list.Criteria.FirstOrDefault(c => c.Sha256 == statement.CriteriaSha256);
            if (criteria is null) return "the criteria are not accepted";
            if (!verdicts.Covers(criteria.DecidedByCurator)) return "the verdict does not cover the criteria";
        }
        if (isEarly) return null;
        return statement.Kind == DecisionKind.Proposal
            ? FindObjectionToOpening(statement, state, list, receivedAt)
            : FindObjectionInEpisode(statement, state, list, register, receivedAt);
    }

    /// <summary>One of these roles it takes.</summary>
    public static IReadOnlyList<string> RolesFor(DecisionStatement statement) =>
        statement.IsOfComplaint ? [RegisteredCredential.ComplaintsOfficer, RegisteredCredential.Oversight]
        : statement.IsOfRelease ? [RegisteredCredential.ReleaseOfficer] : [RegisteredCredential.Curator];

    private static string? FindObjectionToOpening(DecisionStatement statement, LedgerState state, RegisteredList list, DateTimeOffset receivedAt)
    {
        if (state.Find(statement.Id) is not null) return "the episode exists already";
        if (statement.SightedAt!.Value.AddMonths(list.LeaseMonths) <= receivedAt) return "the sighting is older than the lease";
        return state.NewestOf(statement.List, statement.Name) is { IsClosed: false } open && !open.IsLapsedAt(receivedAt, list)
            ? "an episode of this entry is open already"
            : null;
    }

    /// <summary>The rules of the episode that a decision other than a proposal belongs to.</summary>
    public static string? FindObjectionInEpisode(DecisionStatement statement, LedgerState state, RegisteredList list, AgencyRegister register, DateTimeOffset receivedAt)
    {
        if (state.Find(statement.Episode) is not { } episode) return "there is no such episode";
        if (episode.List != statement.List || episode.Name != statement.Name) return "the episode is of another entry";
        if (episode.IsClosed) return "the episode is closed";
        // What lapsed stands on the list until the next slot: somebody innocent does not wait for that.
        if (statement.IsOfComplaint) return FindObjectionOfComplaint(statement, episode, state, register);
        // A sighting, or a vote, after the lapse belongs to a new episode with fresh assessments.
        if (episode.IsLapsedAt(receivedAt, list)) return "the episode has lapsed";
        if (statement.IsVote && episode.ChainHeadOf(statement.Agency!) != statement.Supersedes)
            return "it does not supersede the agency's newest vote";
        // Two agencies are two judgements; one person who signs for both is one.
        if (statement.Verdicts is not null && episode.HasVoteElsewhere(statement.Person, statement.Agency!)) return "the person assessed this entry for another agency";
        if (statement.IsOfRelease && episode.HasVoteBy(statement.Person)) return "nobody removes, overrides or enforces on an entry that they assessed";
        if (statement.Verdicts is not null && episode.HasOverrideBy(statement.Person)) return "nobody assesses an entry that they overrode the register for";
        if (statement.Kind == DecisionKind.Override && !(SourceText.TryParse(statement.Rule, out var source) && RegisterSources.Overridable.HasFlag(source.Flag())))
            return "nobody can override this rule";
        return null;
    }

    private static string? FindObjectionOfComplaint(DecisionStatement statement, EpisodeState episode, LedgerState state, AgencyRegister register)
    {
        if (state.HasPartIn(episode.Name, statement.Person, statement.Agency)) return "the person or their agency had a part in this entry";
        var isOversight = register.Credentials.GetValueOrDefault(statement.Credential)?.Roles.Contains(RegisteredCredential.Oversight) == true;
        return episode.ComplaintOf(statement.Case!).FindObjection(statement, isOversight) switch
        {
            null => null,
            ComplaintObjection.Suspended => "the entry is suspended for this complaint already",
            ComplaintObjection.NotSuspended => "the entry is not suspended for this complaint",
            ComplaintObjection.OtherOutcome => "it does not follow what was decided of this complaint",
            ComplaintObjection.NeedsOversight => "what was rejected is oversight's",
            ComplaintObjection.OwnOutcome => "nobody decides about an appeal against their own outcome",
            _ => "the complaint is over",
        };
    }
}
