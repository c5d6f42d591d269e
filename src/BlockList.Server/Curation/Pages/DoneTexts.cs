namespace BlockList.Server.Curation.Pages;

/// <summary>What a step did, said on the page after it. Addresses carry a word, not the sentence: nobody can make our pages say theirs.</summary>
internal static class DoneTexts
{
    private const string SentBefore = "sent-before";

    /// <summary>The word for what a form of decisions did. One that was sent before (a second click, the back button) did nothing now,
    /// even if something was changed in it since.</summary>
    public static string WordOf(FormOutcome outcome, string done) => outcome is FormOutcome.Decided { WasBefore: true } ? SentBefore : done;

    public static string? Of(string? word) => word switch
    {
        "proposed" => "Your proposal is recorded. It waits for the other agencies that the list needs.",
        "proposed-held" => "Your proposal is recorded. The never-block register speaks against the name: when the other agencies that the list needs find the same, it still waits until a release officer who has not assessed it overrides the register in writing. It stands in their queue Guard then.",
        "assessed" => "Your assessment is recorded.",
        "assessed-last" => "Your assessment is recorded. Nothing else waits for your agency.",
        "sighted" => "The sighting is recorded; the lease counts from it.",
        "withdrawn" => "Your agency's vote is withdrawn. The next version follows it.",
        "removed" => "The entry is removed. The name leaves the list with the next version.",
        "overridden" => "The override is recorded. If nothing else speaks against the name, it is published with the next version.",
        "enforced" => "Your decision is recorded. When two release officers have asked for the same, the name leaves the list with the next version.",
        "told" => "The notification is recorded.",
        "referenced" => "The reference is recorded.",
        "claimed" => "The entry is yours for 30 minutes.",
        "released" => "The entry is free again.",
        "handed-over" => "The claim is your colleague's now.",
        "conflict" => "Your conflict of interest is recorded. The entry waits for a colleague.",
        "conflict-alone" => "Your conflict of interest is recorded. There is no other curator in your agency, so the entry waits for other agencies.",
        SentBefore => "This form was sent already and counts once. If you changed something in it since, that is not stored: open the entry and decide again.",
        "saved" => "The filter is saved.",
        "forgotten" => "The filter is forgotten.",
        _ => null,
    };
}
