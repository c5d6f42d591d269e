namespace BlockList.Server.Curation.Pages;

/// <summary>What a step did, said on the page after it. Addresses carry a word, not the sentence: nobody can make our pages say theirs.</summary>
internal static class DoneTexts
{
    public static string? Of(string? word) => word switch
    {
        "proposed" => "Your proposal is recorded. It waits for the other agencies that the list needs.",
        "assessed" => "Your assessment is recorded.",
        "assessed-last" => "Your assessment is recorded. Nothing else waits for your agency.",
        "sighted" => "The sighting is recorded; the lease counts from it.",
        "withdrawn" => "Your agency's vote is withdrawn. The next version follows it.",
        "removed" => "The entry is removed. The name leaves the list with the next version.",
        "told" => "The notification is recorded.",
        "referenced" => "The reference is recorded.",
        "claimed" => "The entry is yours for 30 minutes.",
        "released" => "The entry is free again.",
        "handed-over" => "The claim is your colleague's now.",
        "conflict" => "Your conflict of interest is recorded. The entry waits for a colleague.",
        "saved" => "The filter is saved.",
        "forgotten" => "The filter is forgotten.",
        _ => null,
    };
}
