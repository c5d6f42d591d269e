using BlockList.Server.Access;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Curation.Work;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>Assessing an entry, blind.</summary>
internal static class AssessPages
{
    public static async Task<IResult> ShowAsync(HttpContext context, Guid handle, PageContext page, KeptForms kept, AssessForm form, string? list, string? done, CancellationToken cancellationToken)
    {
        var values = new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken));
        return await form.ShowAsync(page.Reader, handle, values.Find("list") ?? list, values, [], null, DoneTexts.Of(done), cancellationToken);
    }

    public static async Task<IResult> SubmitAsync(HttpContext context, Guid handle, PageContext page, AssessForm form, CancellationToken cancellationToken) =>
        await form.SubmitAsync(page.Reader, handle, new FormValues(KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken))), cancellationToken);
}

/// <summary>The form of an assessment: shown, shown again with what is wrong, carried out, and on to the next.</summary>
internal sealed class AssessForm(ReadCriteria criteria, ReadEntry entries, ReadQueue queue, CountQueues count, ReadColleagues colleagues, TakeClaim claim, PrepareDecisions prepare, SignAndSubmit sign, TimeProvider clock)
{
    private const string Seen = "seen-vote";

    public async Task<IResult> ShowAsync(Viewer person, Guid handle, string? list, FormValues values, IReadOnlyList<FieldError> errors, string? problem, string? done, CancellationToken cancellationToken)
    {
        var lists = await criteria.ListsForAsync(person, cancellationToken);
        var entry = await entries.RunAsync(person, handle, lists, cancellationToken);
        var chosen = list ?? entry?.Episodes.FirstOrDefault(e => e.IsOpen)?.List;
        if (entry?.Episodes.FirstOrDefault(e => e.IsOpen && e.List == chosen) is not { } episode)
            return PageResult.Of<RefusedPage>(new RefusedModel("This entry is not open any more", "It lapsed, was removed or was declined, or the address is of no entry. Nothing was stored.", entry is null ? "/queue" : $"/entries/{handle}", entry is null ? "Go to the queue" : "Look at the entry"), StatusCodes.Status404NotFound);
        var shown = await criteria.OfListAsync(episode.List, cancellationToken);
        var own = episode as EpisodeView.Seen;
        // The vote that this page shows is the one that is replaced: a colleague's is not to be replaced unseen.
        var shownVote = own?.OwnVote?.ToString("N") ?? "none";
        if (values.Find(Seen) is { } before && before != shownVote) problem = "A colleague of your agency voted on this entry while you had it open. Look at their vote; submitting again replaces it.";
        values = values.With(Seen, shownVote);
        var model = new AssessModel(handle, episode.List, entry.Name, entry.Scope, shown.Version, shown.Decided, episode.References, own is null ? null : own.Timeline.FirstOrDefault(row => row.Id == own.OwnVote), episode.Details.Claim, (await colleagues.RunAsync(person, cancellationToken)).Count > 0, FormIds.Of(values), clock.GetUtcNow(),
            values, errors, problem, done, await count.ForNavigationAsync(person, cancellationToken));
        return PageResult.Of<AssessPage>(model, errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public async Task<IResult> SubmitAsync(Viewer person, Guid handle, FormValues values, CancellationToken cancellationToken)
    {
        var list = values["list"];
        if (!(await criteria.ListsForAsync(person, cancellationToken)).Contains(list)) return await ShowAsync(person, handle, null, values, [], "Your agency does not decide on this list.", null, cancellationToken);
        var shown = await criteria.OfListAsync(list, cancellationToken);
        var errors = new List<FieldError>();
        var judgement = JudgementFields.Read(values, shown.Decided, needsSighting: false, clock.GetUtcNow(), errors);
        if (errors.Count > 0) return await ShowAsync(person, handle, list, values, errors, null, null, cancellationToken);
        var request = new AssessmentRequest(list, handle, judgement.ToJudgement(shown.Sha256), judgement.SightedAt, Guid.TryParseExact(values[Seen], "N", out var seen) ? seen : null);
        var outcome = await sign.RunAsync(person, FormIds.Of(values), null, credential => prepare.ForAssessmentAsync(request, credential, cancellationToken), cancellationToken);
        if (outcome is FormOutcome.Refused refused) return await ShowAsync(person, handle, list, values, [], refused.Reason, null, cancellationToken);
        var done = DoneTexts.WordOf(outcome, "assessed");
        return values["then"] == "next" ? await ShowNextAsync(person, list, done, cancellationToken) : Results.Redirect($"/entries/{handle}?done={done}");
    }

    /// <summary>Claims what waits next, so that no colleague begins it as well.</summary>
    private async Task<IResult> ShowNextAsync(Viewer person, string list, string done, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (await queue.FindNextAsync(person, list, cancellationToken) is not { } next) break;
            if (await claim.RunAsync(list, next, person, cancellationToken) is null) return Results.Redirect($"/entries/{next}/assess?list={Uri.EscapeDataString(list)}&done={done}");
        }
        return Results.Redirect($"/queue?list={Uri.EscapeDataString(list)}&done={(done == "assessed" ? "assessed-last" : done)}");
    }
}
