using System.Text.Json.Nodes;
using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Complaints.Cases.Pages;

/// <summary>The page of one case for one person, and its forms: shown, shown again with what is wrong, carried out.</summary>
internal sealed class CaseScreen(ReadCase read, TriageCase triage, DecideCase decide, ResumeCase resume, WriteOnCase write, NpgsqlDataSource database, TimeProvider clock)
{
    public const string StepField = "step";

    /// <summary>Fields of a step carry its name, since all of them stand on one page.</summary>
    public static string Field(string step, string name) => $"{step}-{name}";

    private const int LongestReason = 2000;
    private const int LongestText = 5000;
    private const int MostEntries = 200;

    public async Task<IResult> ShowAsync(Viewer reader, string reference, FormValues values, string? step, IReadOnlyList<FieldError> errors, string? problem, string? done, CancellationToken cancellationToken)
    {
        if (await read.RunAsync(reader, reference, cancellationToken) is not { } view) return PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, reader.Person, "case.read", view.Reference, new JsonObject { ["entries"] = view.Entries.Count }, cancellationToken);
        return PageResult.Of<CasePage>(new CaseModel(view, view.WhyNot(reader), await CriteriaAsync(connection, view, cancellationToken), values, step, errors, problem, done, clock.GetUtcNow()),
            errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public async Task<IResult> ActAsync(Viewer person, string reference, string step, FormValues values, CancellationToken cancellationToken)
    {
        if (await read.RunAsync(person, reference, cancellationToken) is not { } view) return PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
        var errors = new List<FieldError>();
        var outcome = step switch
        {
            "triage" => await TriageAsync(person, view, values, errors, cancellationToken),
            "decide" => await DecideAsync(person, view, values, errors, cancellationToken),
            "resume" => Reason(values, step, LongestReason, errors) is { } reason ? await resume.RunAsync(person, view.Reference, [.. view.Entries.Where(e => e.IsSuspendedHere).Select(e => e.Episode)], reason, cancellationToken) : null,
            "question" => await AskAsync(person, view, values, errors, cancellationToken),
            "letter" => Reason(values, step, LongestText, errors) is { } words ? await write.EnterLetterAsync(person, ComplaintOf(view, values, step), words, cancellationToken) : null,
            "note" => Reason(values, step, LongestText, errors) is { } words ? await write.NoteAsync(person, view.Reference, words, cancellationToken) : null,
            "hand-over" => Reason(values, step, LongestReason, errors) is { } words ? await write.HandOverAsync(person, view.Reference, words, cancellationToken) : null,
            _ => null,
        };
        return outcome switch
        {
            CaseOutcome.Done => Results.Redirect($"/cases/{view.Reference}?done={step}"),
            CaseOutcome.Refused refused => await ShowAsync(person, reference, values, step, [], refused.Because, null, cancellationToken),
            _ when errors.Count > 0 => await ShowAsync(person, reference, values, step, errors, null, null, cancellationToken),
            _ => PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound),
        };
    }

    private async Task<CaseOutcome?> TriageAsync(Viewer person, CaseView view, FormValues values, List<FieldError> errors, CancellationToken cancellationToken)
    {
        var answer = values[Field("triage", "answer")];
        if (answer is not ("suspend" or "wait")) errors.Add(new FieldError(Field("triage", "answer"), "Choose whether to suspend now."));
        var episodes = answer == "suspend" ? EpisodesIn(view, values, "triage", errors) : [];
        var criterion = CriterionIn(values, "triage");
        return Reason(values, "triage", LongestReason, errors) is { } reason && errors.Count == 0 ? await triage.RunAsync(person, view.Reference, view.Stage == "new", episodes, criterion, reason, cancellationToken) : null;
    }

    private async Task<CaseOutcome?> DecideAsync(Viewer person, CaseView view, FormValues values, List<FieldError> errors, CancellationToken cancellationToken)
    {
        var outcome = values[Field("decide", "outcome")];
        if (outcome.Length == 0) errors.Add(new FieldError(Field("decide", "outcome"), "Choose what the complaint came to."));
        var episodes = outcome.Length == 0 || outcome == DecideCase.NoEntry ? [] : EpisodesIn(view, values, "decide", errors);
        return Reason(values, "decide", LongestReason, errors) is { } reason && errors.Count == 0 ? await decide.RunAsync(person, view.Reference, episodes, outcome, CriterionIn(values, "decide"), reason, cancellationToken) : null;
    }

    private async Task<CaseOutcome?> AskAsync(Viewer person, CaseView view, FormValues values, List<FieldError> errors, CancellationToken cancellationToken)
    {
        var (question, words) = (values[Field("question", "which")], values[Field("question", "words")].Trim());
        if (!WriteOnCase.Questions.Contains(question)) errors.Add(new FieldError(Field("question", "which"), "Choose a question."));
        if (question == WriteOnCase.FreeQuestion && words.Length == 0) errors.Add(new FieldError(Field("question", "words"), "Write the question."));
        if (words.Length > LongestText) errors.Add(new FieldError(Field("question", "words"), $"Write at most {LongestText} characters."));
        return errors.Count == 0 ? await write.AskAsync(person, ComplaintOf(view, values, "question"), question, words.Length == 0 ? null : words, cancellationToken) : null;
    }

    /// <summary>One of the case's own; the one that leads where none is named.</summary>
    private static string ComplaintOf(CaseView view, FormValues values, string step) =>
        view.Complaints.FirstOrDefault(c => c.Reference == values[Field(step, "complaint")])?.Reference ?? view.Reference;

    private static string? Reason(FormValues values, string step, int longest, List<FieldError> errors)
    {
        var text = values[Field(step, "reason")].Trim();
        if (text.Length > 0 && text.Length <= longest) return text;
        errors.Add(new FieldError(Field(step, "reason"), text.Length == 0 ? "Write it down: the next person has nothing else to go by." : $"Write at most {longest} characters."));
        return null;
    }

    /// <summary>Of the case's own entries: a form can be made to name any.</summary>
    private static List<Guid> EpisodesIn(CaseView view, FormValues values, string step, List<FieldError> errors)
    {
        var episodes = values[Field(step, "entries")].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => Guid.TryParse(id, out var episode) ? episode : Guid.Empty).Intersect(view.Entries.Select(entry => entry.Episode)).ToList();
        if (episodes.Count == 0) errors.Add(new FieldError(Field(step, "entries"), "Choose at least one entry."));
        if (episodes.Count > MostEntries) errors.Add(new FieldError(Field(step, "entries"), $"Choose at most {MostEntries} entries at a time."));
        return episodes;
    }

    private static string? CriterionIn(FormValues values, string step) => values.Find(Field(step, "criterion"));

    private static async Task<IReadOnlyList<string>> CriteriaAsync(NpgsqlConnection connection, CaseView view, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select distinct unnest(decided_by_curator) from criteria.version where list = any ($1) order by 1", connection);
        command.Parameters.AddWithValue(view.Entries.Select(entry => entry.List).Distinct().ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var criteria = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) criteria.Add(reader.GetString(0));
        return criteria;
    }
}
