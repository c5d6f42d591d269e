using BlockList.Server.Access;
using BlockList.Server.Curation.Importing.Pages;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Importing;

/// <summary>Gathers what the pages of imports show, the first time and when a form comes back.</summary>
internal sealed class ImportPages(ReadImports imports, ReadImportRows rows, ReadFindings findings, ReadCriteria criteria, CountQueues count, TimeProvider clock)
{
    /// <summary>Small files are done by then, and nobody sees a progress bar.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static PageResult NotThere() => PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);

    public static async Task WaitAsync(Task done, CancellationToken cancellationToken)
    {
        try
        {
            await done.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The page shows how far it is.
        }
    }

    /// <summary>The id of the form becomes the import's, so that a form that is sent twice is one import.</summary>
    public static Guid IdOf(FormValues values, TimeProvider clock) => Guid.TryParse(values[FormIds.Field], out var id) && id.Version == 7 ? id : Guid.CreateVersion7(clock.GetUtcNow());

    public async Task<IResult> ListAsync(Viewer viewer, Guid? before, CancellationToken cancellationToken)
    {
        var lines = await imports.ListAsync(viewer, before, cancellationToken);
        var shown = lines.Take(ReadImports.Page).ToArray();
        return PageResult.Of<ImportsPage>(new ImportsModel(shown, before is null, lines.Count > shown.Length ? shown[^1].Import.Id : null, viewer.Is(RoleNames.Curator), await count.ForNavigationAsync(viewer, cancellationToken)));
    }

    public async Task<IResult> ShowFormAsync(Viewer viewer, FormValues values, IReadOnlyList<FieldError> errors, string? problem, int status, CancellationToken cancellationToken)
    {
        var lists = await criteria.ListsForAsync(viewer, cancellationToken);
        if (lists.Count == 0) return PageResult.Of<RefusedPage>(new RefusedModel("There is no list that your agency can propose for", "Lists stand in the signed register. Ask the operator whether the register was loaded."), StatusCodes.Status409Conflict);
        var list = lists.Contains(values[NewImportModel.ListField]) ? values[NewImportModel.ListField] : lists[0];
        return PageResult.Of<NewImportPage>(new NewImportModel(IdOf(values, clock), await criteria.OfListAsync(list, cancellationToken), lists, clock.GetUtcNow(), values, errors, problem,
            await count.ForNavigationAsync(viewer, cancellationToken)), status);
    }

    public async Task<IResult> ShowAsync(Viewer viewer, Guid id, string? show, RowFilter filter, FormValues values, IReadOnlyList<FieldError> errors, string? problem, CancellationToken cancellationToken)
    {
        if (await imports.FindAsync(viewer, id, cancellationToken) is not { } line) return NotThere();
        var import = line.Import;
        var kind = import.State is ImportStates.Refused ? ImportFinding.Error : show is ImportFinding.Warning or ImportFinding.Skipped or ImportFinding.Kept ? show : null;
        var found = kind is null || line.IsAtWork ? [] : await findings.ListAsync(id, kind, filter.After, cancellationToken);
        var more = found.Count > ReadFindings.Page;
        var hasRows = kind is null && !line.IsAtWork && import.Rows > 0 && import.State is not ImportStates.Discarded;
        var mayAct = viewer.Is(RoleNames.Curator) && viewer.Agency == import.Agency;
        var listProblem = (await criteria.ListsForAsync(viewer, cancellationToken)).Contains(import.List) ? null : $"Your agency does not decide on the list {import.List}.";
        return PageResult.Of<ImportPage>(new ImportModel(line, filter, hasRows ? await rows.RunAsync(import, filter, viewer, cancellationToken) : null, kind,
            more ? [.. found.Take(ReadFindings.Page)] : found, more ? found[ReadFindings.Page - 1].Number : null, filter.After == 0, FormIds.Of(values), mayAct, listProblem, errors, problem,
            values[ImportModel.ConfirmField], await count.ForNavigationAsync(viewer, cancellationToken)),
            errors.Count > 0 ? StatusCodes.Status400BadRequest : problem is not null ? StatusCodes.Status409Conflict : StatusCodes.Status200OK);
    }

    public async Task<IResult> ShowRevertAsync(Viewer viewer, Guid id, bool onlyKept, int after, FormValues values, IReadOnlyList<FieldError> errors, string? problem, CancellationToken cancellationToken)
    {
        if (await imports.FindAsync(viewer, id, cancellationToken) is not { } line || line.Import.Agency != viewer.Agency) return NotThere();
        if (line.IsAtWork || line.Import.State is not (ImportStates.Committed or ImportStates.Reverting)) return Results.Redirect($"/imports/{id}");
        return PageResult.Of<RevertPage>(new RevertModel(line, await findings.PreviewRevertAsync(line.Import, onlyKept, after, cancellationToken), onlyKept, after < 0, FormIds.Of(values), values, errors, problem,
            await count.ForNavigationAsync(viewer, cancellationToken)),
            errors.Count > 0 ? StatusCodes.Status400BadRequest : problem is not null ? StatusCodes.Status409Conflict : StatusCodes.Status200OK);
    }
}
