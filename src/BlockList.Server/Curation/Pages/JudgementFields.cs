using System.Globalization;
using BlockList.Format.Statements;
using BlockList.Server.Criteria;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>The fields of a judgement as they were typed: verdicts, sighting, reference and note, read once, every problem at once.</summary>
internal sealed record JudgementFields(IReadOnlyDictionary<string, Verdict> Verdicts, DateTimeOffset? SightedAt, string? ReferenceType, string? ReferenceNumber, string? Note)
{
    public const string SightedAtField = "sighted-at";
    public const string ReferenceTypeField = "reference-type";
    public const string ReferenceNumberField = "reference-number";
    public const string NoteField = "note";
    public const int LongestNote = 2000;

    public static string VerdictField(string criterion) => "verdict-" + criterion;

    /// <param name="values">As typed.</param>
    /// <param name="criteria">Those that a curator decides.</param>
    /// <param name="needsSighting">Whether the decision rests on a sighting.</param>
    /// <param name="now">No sighting lies after it.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static JudgementFields Read(FormValues values, IEnumerable<Criterion> criteria, bool needsSighting, DateTimeOffset now, List<FieldError> errors)
    {
        var verdicts = new Dictionary<string, Verdict>(StringComparer.Ordinal);
        foreach (var criterion in criteria)
        {
            var field = VerdictField(criterion.Id);
            if (ReadVerdict(values[field]) is { } verdict) verdicts[criterion.Id] = verdict;
            else errors.Add(new FieldError(field, $"Say whether {criterion.Id.ToUpperInvariant()} is met, not met, or could not be determined."));
        }
        var sightedAt = ReadSighting(values[SightedAtField].Trim(), needsSighting, now, errors);
        var (type, number) = ReadReference(values[ReferenceTypeField], values[ReferenceNumberField].Trim(), errors);
        return new JudgementFields(verdicts, sightedAt, type, number, ReadNote(values[NoteField], errors));
    }

    public static string? ReadNote(string text, List<FieldError> errors)
    {
        var note = text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (note.Length > LongestNote) errors.Add(new FieldError(NoteField, $"The note has {note.Length} characters. Keep it within {LongestNote}; longer texts belong into your own case file."));
        if (note.Any(c => char.IsControl(c) && c is not ('\t' or '\n'))) errors.Add(new FieldError(NoteField, "The note has a control character, as texts have that were copied from another program. Type it anew."));
        return note.Length == 0 ? null : note;
    }

    public static (string? Type, string? Number) ReadReference(string type, string number, List<FieldError> errors)
    {
        if (number.Length == 0) return (null, null);
        if (Reference.TryParse($"{type}:{number}", out var known, out var parsed)) return (known, parsed);
        errors.Add(new FieldError(ReferenceNumberField, "This is no reference number: use letters, digits, dots, slashes and hyphens, at most 64, and choose its system. It is an identifier, never a link and never material."));
        return (null, null);
    }

    public static DateTimeOffset? ReadSighting(string text, bool isNeeded, DateTimeOffset now, List<FieldError> errors) =>
        ReadTime(SightedAtField, text, isNeeded ? "Say when a person last saw the material online, in UTC." : null, now, errors);

    /// <summary>A time in UTC that has been. Null where nothing was typed, which is wrong where <paramref name="missing"/> says so.</summary>
    public static DateTimeOffset? ReadTime(string field, string text, string? missing, DateTimeOffset now, List<FieldError> errors)
    {
        if (text.Length == 0)
        {
            if (missing is not null) errors.Add(new FieldError(field, missing));
            return null;
        }
        string[] patterns = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'"];
        if (!DateTimeOffset.TryParseExact(text, patterns, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            errors.Add(new FieldError(field, "This is no time. Write it in UTC as 2026-11-21 06:00."));
        else if (at > now)
            errors.Add(new FieldError(field, string.Create(CultureInfo.InvariantCulture, $"This lies in the future: it is {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC now. Did you write your own time instead of UTC?")));
        return at;
    }

    public Judgement ToJudgement(string criteriaSha256) =>
        new(criteriaSha256, Verdicts, ReferenceNumber is null ? null : $"{ReferenceType}:{ReferenceNumber}", Note);

    private static Verdict? ReadVerdict(string value) => value switch
    {
        "met" => Verdict.Met,
        "not-met" => Verdict.NotMet,
        "unknown" => Verdict.Unknown,
        _ => null,
    };
}
