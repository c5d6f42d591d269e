using BlockList.Server.Curation;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Why a step on a case is not taken, in sentences that say what to do.</summary>
internal static class CaseRefusals
{
    public const string Over = "This case is decided. Whoever complained can appeal once; until they do, nothing more is to be done here.";

    public const string AppealOfOversight = "This is an appeal. Oversight decides it, and never the person who decided first.";

    /// <summary>Null where it is no rule of cases or decisions.</summary>
    public static string? Find(PostgresException problem) => problem.ConstraintName switch
    {
        "case_by_an_officer" => "You are neither a complaints officer nor of oversight any more. What you typed is not lost: a colleague can send it.",
        "case_exists" => "There is no such case. Look it up in the queue.",
        "case_by_the_uninvolved" => DecisionRefusals.HasPart,
        "case_is_open" => Over,
        "case_is_new" => "Somebody looked at this case meanwhile. Open it again to see what they did.",
        "case_appeal_by_oversight" => AppealOfOversight,
        "case_says_what_was_signed" => "What is to be written down was not signed. Open the case again, and do it once more.",
        "case_leaves_nothing_suspended" => "An entry is suspended for this case that you did not choose: nothing would end that any more. Choose every suspended entry, or end its suspension first.",
        "case_no_entry_stands" => "An entry that this complaint is about stands on a list, or would with the next version. Decide about it: choose another outcome.",
        "case_free_words_after_proof" => "Control of the domain is not proven, so only the prepared questions can be sent: anything else could tell whether it is listed.",
        "case_not_proven_yet" => "Control is proven already. Nothing more is needed.",
        "event_text_text_check" => "This is longer than 5,000 characters, or empty. Shorten it.",
        _ => DecisionRefusals.Knows(problem) ? DecisionRefusals.Of(problem) switch
        {
            SubmitOutcome.Refused refused => refused.Reason,
            SubmitOutcome.Conflict conflict => conflict.Reason,
            _ => null,
        } : null,
    };
}
