using BlockList.Format.Statements;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Why a decision is not taken, in sentences that say what to do. Nothing was stored where one of them is said.</summary>
internal static class DecisionRefusals
{
    public const string Lapsed = "This entry has lapsed. Propose it anew, with a fresh sighting; other agencies then assess it again.";

    public const string Overrode = "You overrode the never-block register for this entry, so you are no second pair of eyes for it: a colleague has to assess it.";

    public const string HasPart = "You or your agency had a part in this entry: proposed, assessed, saw, removed it, or answered the never-block guard for it. Somebody who had none has to decide the complaint; where every agency had one, oversight.";

    private const string Involved = "decision_complaint_by_the_uninvolved";

    /// <summary>Whether this failure is a rule of the database that has an answer here.</summary>
    public static bool Knows(PostgresException problem) =>
        problem.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.CheckViolation;

    public static SubmitOutcome Of(PostgresException problem) => problem.ConstraintName switch
    {
        "decision_person_holds_the_role" => new SubmitOutcome.Refused("You do not hold the role for this decision any more. Ask your agency's administrator; what you typed is not lost, a colleague can submit it."),
        "decision_not_claimed_by_a_colleague" => new SubmitOutcome.Refused("A colleague of your agency has claimed this entry. Ask them to hand it over, or wait until their claim ends: it does by itself, half an hour after it was taken."),
        "decision_without_conflict_of_interest" => new SubmitOutcome.Refused("You declared a conflict of interest for this entry. A colleague of your agency has to decide it."),
        "decision_removal_by_another_person" => new SubmitOutcome.Refused("Nobody removes an entry that they assessed, nor overrides or enforces the never-block register for it. Ask another release officer."),
        Involved => new SubmitOutcome.Refused(HasPart),
        "decision_appeal_by_oversight" => new SubmitOutcome.Refused("The complaint was rejected. An appeal against that is decided by a person of oversight who did not reject it."),
        "decision_outcome_once" => new SubmitOutcome.Conflict("Somebody decided this complaint meanwhile. Open the case again."),
        "decision_assessed_by_another_person" => new SubmitOutcome.Refused(Overrode),
        "decision_overrides_what_can_be" => new SubmitOutcome.Refused("Nobody can override this rule of the never-block guard. If the entry is wrong, a release officer ends it with a removal."),
        "decision_agency_of_the_country" => new SubmitOutcome.Refused("This is the national list of another country: only agencies of that country decide on it. Choose another list."),
        "episode_open" or "episode_current" => new SubmitOutcome.Conflict("Another agency proposed one of these names meanwhile. Open it again: it is yours to assess now."),
        "decision_vote_chain" => new SubmitOutcome.Conflict("A colleague of your agency voted on one of these entries meanwhile. Open it again to see their vote; you can replace it."),
        "decision_credential_sequence_key" => new SubmitOutcome.Conflict("You signed something else meanwhile, in another window. Submit this once more."),
        _ when problem.SqlState == PostgresErrorCodes.UniqueViolation =>
            new SubmitOutcome.Conflict($"Someone was faster with one of these entries ({problem.ConstraintName}). Look at the entries again and sign once more."),
        _ => new SubmitOutcome.Refused($"A decision breaks a rule of the database ({problem.ConstraintName ?? problem.MessageText}). Open the entry again; if that does not help, tell the operator this name."),
    };

    /// <summary>Why an episode does not take this decision, or null where it does: the publisher's own rules, asked early.</summary>
    /// <param name="statement">About to be stored.</param>
    /// <param name="episode">As it is stored.</param>
    /// <param name="rules">Of its list.</param>
    /// <param name="now">The instant.</param>
    /// <param name="isOversight">Whether the person holds that role; asked of complaints alone.</param>
    public static string? Find(DecisionStatement statement, ReplayedEpisode? episode, ListRules rules, DateTimeOffset now, bool isOversight = false)
    {
        if (episode is null) return "The entry does not exist. Look it up again.";
        var state = episode.State;
        if (state.IsUpheld) return statement.IsOfComplaint ? "A complaint about this entry was upheld already, and it is off the list for good. Nothing more is needed."
            : "A complaint about this entry was upheld, and it is off the list for good. If the material is online again, propose it anew with a fresh sighting.";
        if (statement.IsOfComplaint && (state.IsRemoved || state.IsDeclined)) return "This entry is off the list for good already, and no decision about a complaint changes that. Write down on the case what the complaint came to.";
        if (state.IsRemoved) return "This entry was removed. If the material is online again, propose it anew with a fresh sighting.";
        if (state.IsDeclined) return "This entry was declined by two agencies. If new material is found, propose it anew with a fresh sighting.";
        // What lapsed stands on the list until the next slot: somebody innocent does not wait for that.
        if (statement.IsOfComplaint) return FindOfComplaint(state.ComplaintOf(statement.Case!).FindObjection(statement, isOversight));
        if (episode.IsClosed || state.IsLapsedAt(now, rules.List)) return Lapsed;
        if (statement.Verdicts is not null && state.HasVoteElsewhere(statement.Person, statement.Agency!))
            return "You assessed this entry for another agency already. Two agencies are two judgements: a colleague has to make this one.";
        if (statement.Verdicts is not null && state.HasOverrideBy(statement.Person)) return Overrode;
        if (statement.IsOfRelease && state.HasVoteBy(statement.Person))
        {
            return statement.Kind switch
            {
                DecisionKind.Override => "Nobody overrides the never-block register for an entry that they assessed. Ask another release officer.",
                DecisionKind.Enforcement => "Nobody enforces the never-block guard on an entry that they assessed. Ask another release officer.",
                _ => "Nobody removes an entry that they assessed. Ask another release officer.",
            };
        }
        return statement.Rule is { } rule ? FindOfRule(statement, rule, state) : null;
    }

    private static string? FindOfComplaint(ComplaintObjection? objection) => objection switch
    {
        null => null,
        ComplaintObjection.Suspended => "The entry is suspended for this complaint already. The publisher follows within seconds; nothing more is needed.",
        ComplaintObjection.NotSuspended => "The entry is not suspended for this complaint. Open the case again.",
        ComplaintObjection.OtherOutcome => "The complaint was decided meanwhile, or is not decided yet. Open the case again to see what stands.",
        ComplaintObjection.NeedsOversight => "The complaint was rejected. An appeal against that is oversight's to decide; hand the case to them.",
        ComplaintObjection.OwnOutcome => "You decided this complaint yourself. Another person of oversight has to decide the appeal.",
        ComplaintObjection.Final => "The complaint is over: it was upheld, or its appeal was decided. Something new is a new complaint.",
        _ => throw new ArgumentOutOfRangeException(nameof(objection)),
    };

    private static string? FindOfRule(DecisionStatement statement, string rule, EpisodeState state)
    {
        var words = GuardRules.Describe(rule);
        var isOverridden = state.IsOverridden(rule);
        if (statement.Kind == DecisionKind.Override)
        {
            if (!GuardRules.IsOverridable(rule)) return $"Nobody can override this rule of the never-block guard ({words}). If the entry is wrong, end it with a removal.";
            return isOverridden ? $"A release officer overrode this already ({words}). The next version follows it; nothing more is needed." : null;
        }
        if (state.IsEnforced(rule) && !isOverridden) return $"Two release officers have enforced this already ({words}). The next version follows them.";
        return state.HasEnforcementBy(statement.Person, rule) ? $"You asked for this already ({words}). It takes a second release officer: tell one; the entry stands in their queue Guard." : null;
    }
}
