using System.Globalization;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Cases in the words of officers.</summary>
internal static class CaseWords
{
    public static string Stage(string stage) => stage switch
    {
        "new" => "suspend now?",
        "working" => "to decide",
        "asked" => "asked, waits for an answer",
        "decided" => "decided",
        "appealed" => "appeal",
        _ => "closed",
    };

    public static string Kind(string kind) => kind switch
    {
        "never" => "never had such material",
        "cleaned" => "was cleaned",
        "new-owner" => "has a new owner",
        "shared" => "is shared by many",
        _ => "technical error",
    };

    public static string Party(string party) => party switch
    {
        "owner" => "owner of the domain",
        "host" => "host",
        "customer" => "customer of a host",
        _ => "somebody who wanted to visit it",
    };

    public static string Outcome(string outcome) => outcome switch
    {
        "upheld" => "upheld",
        "cleaned" => "cleaned since",
        "partly" => "upheld in part",
        "rejected" => "rejected",
        _ => "nothing of it is on a list",
    };

    public static string Clock(string clock) => clock switch
    {
        "triage" => "Suspend now or not",
        "decision" => "Decision",
        "suspension" => "End of the suspension, or a decision",
        _ => "Decision on the appeal",
    };

    /// <summary><c>in 3 h 20 min</c>, <c>late by 2 d 4 h</c>.</summary>
    public static string Left(DateTimeOffset due, DateTimeOffset now) => due > now ? $"in {Span(due - now)}" : $"late by {Span(now - due)}";

    public static string Proof(CaseComplaint complaint) => complaint.ProofState switch
    {
        "proven" => complaint.ProofMethod == "letter" ? "control proven by letter" : "control proven by DNS record",
        "asked" => "a DNS record is asked for, not found yet",
        _ => "control not proven",
    };

    public static string Event(CaseEvent happened) => happened.Kind switch
    {
        "received" => "The complaint came in",
        "proven" => happened.Detail.GetValueOrDefault("by") == "letter" ? "Control was proven by letter" : "Control was proven by DNS record",
        "triaged" => "Looked at it",
        "suspended" => $"Suspended, to be decided by {happened.Detail.GetValueOrDefault("until")}",
        "suspension-ended" => "Ended the suspension",
        "question" => $"Asked ({happened.Detail.GetValueOrDefault("template")})",
        "answer" => "Answered",
        "note" => "Noted",
        "letter" => "Entered a letter",
        "handed-over" => "Handed it to oversight",
        "late" => $"A promise was missed: {Clock(happened.Detail.GetValueOrDefault("clock", "")).ToLowerInvariant()}",
        "merged" => $"Worked on together with {happened.Detail.GetValueOrDefault("with")}",
        "decided" => $"Decided: {Outcome(happened.Detail.GetValueOrDefault("outcome", ""))}{Criterion(happened)}",
        "appeal" => "Appealed",
        "appeal-decided" => $"Decided the appeal: {Outcome(happened.Detail.GetValueOrDefault("outcome", ""))}{Criterion(happened)}",
        _ => $"A mail could not be written ({happened.Detail.GetValueOrDefault("what")})",
    };

    /// <summary>Who did it.</summary>
    public static string Actor(CaseEvent happened) => happened.Person ?? (happened.Kind is "late" or "merged" or "mail-failed" ? "the worker" : "whoever complained");

    private static string Criterion(CaseEvent happened) => happened.Detail.TryGetValue("criterion", out var criterion) ? $", {criterion.ToUpperInvariant()}" : "";

    private static string Span(TimeSpan span) => span.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h")
        : span.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min") : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min");
}
