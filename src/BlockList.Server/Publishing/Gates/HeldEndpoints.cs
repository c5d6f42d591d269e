using System.Globalization;
using System.Text.Json.Nodes;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Pages;
using Npgsql;

namespace BlockList.Server.Publishing.Gates;

/// <summary>Versions that a gate holds: what would change, why it was held, and the word of a person who decided none of it.</summary>
internal static class HeldEndpoints
{
    public const string ReasonField = "reason";
    public const string ChangeField = "change";
    public const string ApprovalField = "approval";

    private const int OnAPage = 25;

    public static void MapHeld(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("/held").ForPeople(RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.Oversight, RoleNames.Auditor);
        readers.MapGet("", ShowAllAsync);
        readers.MapGet("/{id:guid}", ShowAsync);
        readers.MapGet("/{id:guid}/change.csv", DownloadAsync);
        var deciders = routes.MapGroup("/held").ForPeople(RoleNames.ReleaseOfficer, RoleNames.ListOwner);
        deciders.MapPost("/{id:guid}/confirm", (HttpContext context, Guid id, PageContext page, HeldScreen screen, CancellationToken cancellationToken) =>
            DecideAsync(context, id, VersionAction.Confirm, page, screen, cancellationToken)).ShownAt("/held/{id}");
        deciders.MapPost("/{id:guid}/discard", (HttpContext context, Guid id, PageContext page, HeldScreen screen, CancellationToken cancellationToken) =>
            DecideAsync(context, id, VersionAction.Discard, page, screen, cancellationToken)).ShownAt("/held/{id}");
    }

    private static async Task<IResult> ShowAllAsync(DateTimeOffset? before, ReadHeld held, CancellationToken cancellationToken)
    {
        var over = await held.OverAsync(before?.ToUniversalTime(), OnAPage + 1, cancellationToken);
        return PageResult.Of<HeldVersionsPage>(new HeldVersionsModel(before is null ? await held.OpenAsync(cancellationToken) : [], [.. over.Take(OnAPage)], before is null, over.Count > OnAPage ? over[OnAPage - 1].HeldAt : null));
    }

    private static async Task<IResult> ShowAsync(HttpContext context, Guid id, PageContext page, KeptForms kept, HeldScreen screen, string? done, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        return await screen.ShowAsync(page.Reader, id, new TypedWord(fields.GetValueOrDefault(ReasonField, ""), fields.GetValueOrDefault(ApprovalField, "")), [], null, done switch
        {
            "confirm" => "Your word is signed. The publisher verifies it and publishes what was held, within seconds.",
            "discard" => "Your word is signed. What would be added waits without an alarm until it is confirmed after all. What would be removed stays on the list, with an alarm, until it is confirmed after all, decided anew, lapses or is suspended.",
            _ => null,
        }, cancellationToken);
    }

    private static async Task<IResult> DecideAsync(HttpContext context, Guid id, VersionAction action, PageContext page, HeldScreen screen, CancellationToken cancellationToken)
    {
        var fields = KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken));
        return await screen.DecideAsync(page.Reader, id, action, fields.GetValueOrDefault(ChangeField, ""), new TypedWord(fields.GetValueOrDefault(ReasonField, ""), fields.GetValueOrDefault(ApprovalField, "")), cancellationToken);
    }

    private static async Task<IResult> DownloadAsync(Guid id, PageContext page, ReadHeld held, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (await held.FindAsync(id, cancellationToken) is not { } found) return PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
        await AuditReadAsync(database, page.Reader, found, "file", cancellationToken);
        var (change, _) = await held.ChangeAsync(id, cancellationToken);
        var rows = change.Added.Select(line => new[] { "would be added", line }).Concat(change.Removed.Select(line => new[] { "would be removed", line }));
        return CsvFile.Of($"{found.List}-held-{found.HeldAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.csv", ["change", "entry"], rows.ToAsyncEnumerable(), cancellationToken);
    }

    /// <summary>Before the first name is given out: a read that fails afterwards was still a read.</summary>
    public static async Task AuditReadAsync(NpgsqlDataSource database, Viewer reader, HeldSummary held, string form, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, reader.Person, "held.read", held.Id.ToString(), new JsonObject { ["form"] = form, ["list"] = held.List }, cancellationToken);
    }
}
