using BlockList.Server.Curation.Reading;
using BlockList.Server.Http.Pages;
using BlockList.Server.Access;

namespace BlockList.Server.Curation.Pages;

/// <summary>What needs the viewer's agency.</summary>
internal static class QueuePages
{
    public static async Task<IResult> ShowAsync(PageContext page, ReadQueue queue, CountQueues count, ReadCriteria criteria, string? tab, string? list, string? after, string? done, CancellationToken cancellationToken)
    {
        var viewer = page.Reader;
        var lists = await criteria.ListsForAsync(viewer, cancellationToken);
        var chosen = lists.Contains(list ?? "") ? list! : lists.Count > 0 ? lists[0] : "";
        var shown = QueueTab.Of(tab, viewer);
        var rows = await queue.RunAsync(viewer, shown.Id, chosen, after, cancellationToken);
        return PageResult.Of<QueuePage>(new QueueModel(shown, chosen, lists, await count.RunAsync(viewer, chosen, cancellationToken), rows.Rows, after is null, rows.After,
            viewer.Is(RoleNames.Curator), await count.ForNavigationAsync(viewer, cancellationToken), DoneTexts.Of(done)));
    }

    /// <summary>The tabs with their counts as they are now, for a page that stays open.</summary>
    public static async Task<IResult> ShowTabsAsync(PageContext page, CountQueues count, ReadCriteria criteria, string? tab, string? list, CancellationToken cancellationToken)
    {
        var lists = await criteria.ListsForAsync(page.Reader, cancellationToken);
        var chosen = lists.Contains(list ?? "") ? list! : lists.Count > 0 ? lists[0] : "";
        return PageResult.Of<QueueTabs>(new QueueTabsModel(QueueTab.Of(tab, page.Reader), chosen, await count.RunAsync(page.Reader, chosen, cancellationToken)));
    }
}
