using System.Globalization;
using System.Text.Json.Nodes;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Pages;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Lists and their versions, for everyone with a role. Whatever gives out names says so in the audit log first.</summary>
internal static class VersionsEndpoints
{
    private const int VersionsOnAPage = 50;

    public static void MapVersions(this IEndpointRouteBuilder routes)
    {
        var lists = routes.MapGroup("/lists").ForPeople(RoleNames.All);
        lists.MapGet("", ShowListsAsync);
        lists.MapGet("/{list}", ShowListAsync);
        lists.MapGet("/{list}/versions", ShowVersionsAsync);
        lists.MapGet("/{list}/versions/{serial:int}", ShowVersionAsync);
        lists.MapGet("/{list}/versions/{serial:int}/list.csv", DownloadVersionAsync);
        lists.MapGet("/{list}/versions/diff", ShowDiffAsync);
        lists.MapGet("/{list}/versions/diff.csv", DownloadDiffAsync);
    }

    private static async Task<PageResult> ShowListsAsync(ReadLists lists, CancellationToken cancellationToken) =>
        PageResult.Of<ListsPage>(await lists.RunAsync(null, cancellationToken));

    private static async Task<PageResult> ShowListAsync(string list, ReadLists lists, CancellationToken cancellationToken) =>
        await lists.RunAsync(list, cancellationToken) is [var summary] ? PageResult.Of<ListPage>(summary) : NotFound();

    private static async Task<PageResult> ShowVersionsAsync(string list, int? before, IDbContextFactory<BlockListDb> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Lists.AnyAsync(l => l.Id == list, cancellationToken)) return NotFound();
        var versions = await db.Versions.AsNoTracking().Where(v => v.List == list && (before == null || v.Serial < before))
            .OrderByDescending(v => v.Serial).Take(VersionsOnAPage + 1).ToListAsync(cancellationToken);
        var next = versions.Count > VersionsOnAPage ? versions[VersionsOnAPage - 1].Serial : (int?)null;
        return PageResult.Of<VersionsPage>(new VersionsModel(list, [.. versions.Take(VersionsOnAPage)], before is null, next));
    }

    private static async Task<PageResult> ShowVersionAsync(string list, int serial, HttpContext context, PageContext page, IDbContextFactory<BlockListDb> contexts, ReadChanges changes, ReadDeciders deciders, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var around = await db.Versions.AsNoTracking().Where(v => v.List == list && v.Serial >= serial - 1 && v.Serial <= serial + 1).ToListAsync(cancellationToken);
        if (around.SingleOrDefault(v => v.Serial == serial) is not { } shown) return NotFound();
        return await CompareAsync(list, around.SingleOrDefault(v => v.Serial == serial - 1), shown, isDiff: false, around.Any(v => v.Serial > serial), context, page, db, changes, deciders, cancellationToken);
    }

    private static async Task<PageResult> ShowDiffAsync(string list, string? from, string? to, HttpContext context, PageContext page, IDbContextFactory<BlockListDb> contexts, ReadChanges changes, ReadDeciders deciders, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, list, from, to, cancellationToken) is not var (first, second)) return Unknown(list);
        return await CompareAsync(list, first, second, isDiff: true, hasLater: false, context, page, db, changes, deciders, cancellationToken);
    }

    private static async Task<PageResult> CompareAsync(string list, PublishedVersion? from, PublishedVersion to, bool isDiff, bool hasLater, HttpContext context, PageContext page, BlockListDb db,
        ReadChanges changes, ReadDeciders deciders, CancellationToken cancellationToken)
    {
        await AuditAsync(db, page, list, from, to, "page", cancellationToken);
        var (addedAfter, removedAfter) = (ChangeKey.Parse(context.Request.Query["added"]), ChangeKey.Parse(context.Request.Query["removed"]));
        var added = await changes.AddedAsync(list, from?.Serial ?? 0, to.Serial, addedAfter, cancellationToken);
        var removed = await changes.RemovedAsync(list, from?.Serial ?? 0, to.Serial, removedAfter, cancellationToken);
        var decided = await deciders.RunAsync(page.Reader, added.Rows.Concat(removed.Rows), cancellationToken);
        return PageResult.Of<VersionPage>(new VersionModel(list, from, to, isDiff, hasLater, added, removed, decided, addedAfter, removedAfter));
    }

    private static async Task<IResult> DownloadVersionAsync(string list, int serial, PageContext page, IDbContextFactory<BlockListDb> contexts, ReadChanges changes, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.List == list && v.Serial == serial, cancellationToken) is not { } version) return NotFound();
        await AuditAsync(db, page, list, null, version, "file", cancellationToken);
        var rows = changes.AllOfAsync(list, serial, cancellationToken).Select(row => new[] { row.Line });
        return CsvFile.Of($"{list}-{serial.ToString(CultureInfo.InvariantCulture)}.csv", ["entry"], rows, cancellationToken);
    }

    private static async Task<IResult> DownloadDiffAsync(string list, string? from, string? to, PageContext page, IDbContextFactory<BlockListDb> contexts, ReadChanges changes, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, list, from, to, cancellationToken) is not var (first, second)) return Unknown(list);
        await AuditAsync(db, page, list, first, second, "file", cancellationToken);
        var (low, high) = (first?.Serial ?? 0, second.Serial);
        var rows = changes.AllAddedAsync(list, low, high, cancellationToken).Select(row => Row("added", row))
            .Concat(changes.AllAddedAsync(list, high, low, cancellationToken).Select(row => Row("removed", row)));
        return CsvFile.Of(string.Create(CultureInfo.InvariantCulture, $"{list}-{low}-{high}.csv"), ["change", "entry", "version"], rows, cancellationToken);

        static string[] Row(string change, (string Line, int Serial) row) => [change, row.Line, row.Serial.ToString(CultureInfo.InvariantCulture)];
    }

    /// <summary>The two versions that an address names; the newest one and the one before it where it names none. Version 0 is the list before
    /// its first version.</summary>
    private static async Task<(PublishedVersion? From, PublishedVersion To)?> FindAsync(BlockListDb db, string list, string? from, string? to, CancellationToken cancellationToken)
    {
        var newest = await db.Versions.AsNoTracking().Where(v => v.List == list).OrderByDescending(v => v.Serial).FirstOrDefaultAsync(cancellationToken);
        if (newest is null || Number(to, newest.Serial) is not { } high || Number(from, high - 1) is not { } low) return null;
        var versions = await db.Versions.AsNoTracking().Where(v => v.List == list && (v.Serial == low || v.Serial == high)).ToDictionaryAsync(v => v.Serial, cancellationToken);
        return versions.TryGetValue(high, out var second) && (low == 0 || versions.ContainsKey(low)) ? (versions.GetValueOrDefault(low), second) : null;

        static int? Number(string? text, int otherwise) =>
            string.IsNullOrEmpty(text) ? otherwise : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Before the first name is given out: a read that fails afterwards was still a read.</summary>
    private static async Task AuditAsync(BlockListDb db, PageContext page, string list, PublishedVersion? from, PublishedVersion to, string form, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var detail = new JsonObject { ["form"] = form };
        if (from is not null) detail["from"] = from.Serial;
        await AuditLog.AppendAsync((NpgsqlConnection)db.Database.GetDbConnection(), page.Reader.Person, "version.read", string.Create(CultureInfo.InvariantCulture, $"{list} {to.Serial}"), detail, cancellationToken);
        await db.Database.CloseConnectionAsync();
    }

    private static PageResult NotFound() => PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);

    private static PageResult Unknown(string list) => PageResult.Of<RefusedPage>(new RefusedModel("One of the two versions does not exist",
        "Nothing can be compared. Choose two numbers of the list of versions; 0 as the first of them stands for the time before version 1.", $"/lists/{Uri.EscapeDataString(list)}/versions", "Go to the versions"), StatusCodes.Status404NotFound);
}
