using BlockList.Server.Curation.Reading;
using BlockList.Server.Curation.Work;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation.Pages;

/// <summary>Entries by part of a name, reference, agency and state.</summary>
internal static class SearchPages
{
    public static async Task<IResult> ShowAsync(HttpContext context, PageContext page, FindEntries find, CountQueues count, ReadCriteria criteria, SavedFilters saved, IDbContextFactory<BlockListDb> contexts, string? after, string? done, string? name, CancellationToken cancellationToken)
    {
        var viewer = page.Reader;
        var values = new FormValues(SearchFields.All.Where(f => context.Request.Query.ContainsKey(f)).ToDictionary(f => f, f => context.Request.Query[f].ToString().Trim(), StringComparer.Ordinal));
        var lists = await criteria.ListsForAsync(viewer, cancellationToken);
        var query = Read(values);
        var problem = Objection(query);
        var found = query.IsEmpty && query.List is null || problem is not null ? new FoundEntries([], null) : await find.RunAsync(viewer, query, lists, after, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var agencies = await db.Agencies.AsNoTracking().OrderBy(a => a.Name).Select(a => new ColleagueRow(a.Id, a.Name)).ToListAsync(cancellationToken);
        return PageResult.Of<SearchPage>(new SearchModel(values, lists, agencies, found.Rows, !query.IsEmpty || query.List is not null, after is null, found.After, problem,
            await saved.ReadAsync(viewer, cancellationToken), DoneTexts.Of(done), name ?? "", await count.ForNavigationAsync(viewer, cancellationToken)));
    }

    public static async Task<IResult> SaveAsync(HttpContext context, PageContext page, SavedFilters saved, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        // Taken apart and put together again: what is kept is a search and nothing else.
        var given = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(form["query"]);
        var query = string.Join('&', SearchFields.All.Where(f => given.ContainsKey(f)).Select(f => $"{f}={Uri.EscapeDataString(given[f].ToString())}"));
        return await saved.SaveAsync(page.Reader, form["name"].ToString().Trim(), query, cancellationToken) is { } problem
            ? PageResult.Of<RefusedPage>(new RefusedModel(problem, "The filter was not saved.", $"/entries?{query}&name={Uri.EscapeDataString(form["name"].ToString())}", "Back to the search"), StatusCodes.Status422UnprocessableEntity)
            : Results.Redirect($"/entries?{query}&done=saved");
    }

    public static async Task<IResult> ForgetAsync(HttpContext context, PageContext page, SavedFilters saved, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        if (Guid.TryParse(form["id"], out var id)) await saved.DeleteAsync(page.Reader, id, cancellationToken);
        return Results.Redirect("/entries?done=forgotten");
    }

    /// <summary>The one search box of every page: a reference where it looks like one, part of a name otherwise.</summary>
    private static EntryQuery Read(FormValues values)
    {
        var (text, reference) = (values.Find(SearchFields.Text), values.Find(SearchFields.Reference));
        if (text is not null && reference is null && text.Contains(':', StringComparison.Ordinal) && Importing.Reference.TryParse(text.ToUpperInvariant(), out _, out _)) (text, reference) = (null, text);
        return new EntryQuery(text, reference, values.Find(SearchFields.Agency), values.Find(SearchFields.State), values.Find(SearchFields.List));
    }

    private static string? Objection(EntryQuery query) =>
        query.Text is { Length: < FindEntries.ShortestText } ? $"Type at least {FindEntries.ShortestText} characters of the name; shorter parts fit almost everything."
        : query.Text is { Length: > 260 } ? "No name is as long as that. Type a part of it."
        : null;
}
