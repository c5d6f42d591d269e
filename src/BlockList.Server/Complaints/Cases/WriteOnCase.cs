using BlockList.Server.Access;

namespace BlockList.Server.Complaints.Cases;

/// <summary>What is written on a case and decides nothing.</summary>
internal sealed class WriteOnCase(CaseSteps steps)
{
    /// <summary>Questions that are ready in every language of the public site; <see cref="FreeQuestion"/> is the officer's own.</summary>
    public static readonly string[] Questions = ["page", "cleaned", "owner", "use", "proof", FreeQuestion];

    public const string FreeQuestion = "free";

    /// <summary>Asks one of those who complained; they answer on their status page, and a mail says that there is news.</summary>
    public Task<CaseOutcome> AskAsync(Viewer person, string complaint, string question, string? words, CancellationToken cancellationToken) => CallAsync("complaint.ask", cancellationToken, complaint, person.Person, question, words);

    /// <summary>For the officers alone.</summary>
    public Task<CaseOutcome> NoteAsync(Viewer person, string reference, string words, CancellationToken cancellationToken) => CallAsync("complaint.note", cancellationToken, reference, person.Person, words);

    /// <summary>A letter of a registrar or host shows who controls the domain.</summary>
    public Task<CaseOutcome> EnterLetterAsync(Viewer person, string complaint, string words, CancellationToken cancellationToken) => CallAsync("complaint.prove_by_letter", cancellationToken, complaint, person.Person, words);

    /// <summary>Oversight is to look at it.</summary>
    public Task<CaseOutcome> HandOverAsync(Viewer person, string reference, string words, CancellationToken cancellationToken) => CallAsync("complaint.hand_over", cancellationToken, reference, person.Person, words);

    private Task<CaseOutcome> CallAsync(string function, CancellationToken cancellationToken, params string?[] texts) => steps.RunAsync(async connection =>
    {
        await CaseSteps.CallAsync(connection, function, cancellationToken, texts);
        return null;
    }, cancellationToken);
}
