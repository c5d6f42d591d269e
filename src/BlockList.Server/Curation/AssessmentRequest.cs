using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Server.Curation;

/// <summary>What a form says of a name that someone proposes.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="TypedName">As it was typed.</param>
/// <param name="Scope">How much of it.</param>
/// <param name="Judgement">The proposer's own assessment.</param>
/// <param name="SightedAt">When a person last saw the material online.</param>
internal sealed record ProposalRequest(string List, string TypedName, Scope Scope, Judgement Judgement, DateTimeOffset SightedAt);

/// <summary>What a form says of an entry that someone assesses.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="Handle">Of the entry.</param>
/// <param name="Judgement">The assessment.</param>
/// <param name="SightedAt">Where the curator looked again.</param>
/// <param name="Supersedes">The own agency's vote that the form showed; null where it showed none.</param>
internal sealed record AssessmentRequest(string List, Guid Handle, Judgement Judgement, DateTimeOffset? SightedAt, Guid? Supersedes);

/// <summary>A verdict on each criterion, and what stands beside it.</summary>
/// <param name="CriteriaSha256">The criteria that the form showed.</param>
/// <param name="Verdicts">By the criterion's id; each one that a curator decides.</param>
/// <param name="Reference"><c>TYPE:NUMBER</c>, or null.</param>
/// <param name="Note">Free text, or null.</param>
internal sealed record Judgement(string CriteriaSha256, IReadOnlyDictionary<string, Verdict> Verdicts, string? Reference, string? Note)
{
    private const int LongestNote = 2000;

    /// <exception cref="CurationException">The reference or the note cannot be stored.</exception>
    public Annotation? ReadAnnotation()
    {
        string? type = null, number = null;
        if (!string.IsNullOrWhiteSpace(Reference) && !Importing.Reference.TryParse(Reference.Trim(), out type, out number))
            throw new CurationException($"The reference is not of the form TYPE:NUMBER. Write one of {string.Join(", ", Importing.Reference.Types)}, a colon and the number, for example ICCAM:123456. Leave it empty if there is none.");
        return Annotation.Of(type, number, ReadNote(Note));
    }

    /// <summary>Null where nothing was typed.</summary>
    /// <exception cref="CurationException">It is too long, or holds what the database does not store.</exception>
    public static string? ReadNote(string? typed)
    {
        var note = typed?.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (string.IsNullOrEmpty(note)) return null;
        if (note.Length > LongestNote) throw new CurationException($"The note has {note.Length} characters. Keep it within {LongestNote}; longer texts belong into your own case file.");
        if (note.Any(c => char.IsControl(c) && c is not ('\t' or '\n'))) throw new CurationException("The note has a control character, as texts have that were cut from another program. Type it anew.");
        return note;
    }
}
