using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation;

internal static class CurationEndpoints
{
    /// <summary>Queue, proposals, entries. Roles are asked here and again by each use case and the database.</summary>
    public static void MapCuration(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("").ForPeople(RoleNames.Curator, RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.Oversight, RoleNames.Auditor);
        readers.MapGet("/queue", QueuePages.ShowAsync);
        readers.MapGet("/queue/tabs", QueuePages.ShowTabsAsync);
        readers.MapGet("/entries", SearchPages.ShowAsync);
        readers.MapPost("/entries/filters", SearchPages.SaveAsync);
        readers.MapPost("/entries/filters/delete", SearchPages.ForgetAsync);
        readers.MapGet("/entries/{handle:guid}", EntryPages.ShowAsync);
        readers.MapPost("/entries/{handle:guid}/remove", EntryPages.RemoveAsync).ForPeople(RoleNames.ReleaseOfficer);
        readers.MapPost("/entries/{handle:guid}/override", EntryPages.OverrideAsync).ForPeople(RoleNames.ReleaseOfficer);
        readers.MapPost("/entries/{handle:guid}/enforce", EntryPages.EnforceAsync).ForPeople(RoleNames.ReleaseOfficer);

        var curators = routes.MapGroup("").ForPeople(RoleNames.Curator);
        curators.MapGet("/propose", ProposePages.ShowAsync);
        curators.MapGet("/propose/verdict", ProposePages.VerdictAsync);
        curators.MapPost("/propose", ProposePages.SubmitAsync);
        curators.MapGet("/entries/{handle:guid}/assess", AssessPages.ShowAsync);
        curators.MapPost("/entries/{handle:guid}/assess", AssessPages.SubmitAsync);
        curators.MapPost("/entries/{handle:guid}/claim", EntryPages.ClaimAsync);
        curators.MapPost("/entries/{handle:guid}/claim/release", EntryPages.ReleaseAsync);
        curators.MapPost("/entries/{handle:guid}/claim/hand-over", EntryPages.HandOverAsync);
        curators.MapPost("/entries/{handle:guid}/conflict", EntryPages.ConflictAsync);
        curators.MapPost("/entries/{handle:guid}/sighting", EntryPages.SightAsync);
        curators.MapPost("/entries/{handle:guid}/withdraw", EntryPages.WithdrawAsync);
        curators.MapPost("/entries/{handle:guid}/reference", EntryPages.ReferAsync);
        curators.MapPost("/entries/{handle:guid}/notification", EntryPages.NotifyAsync);
        // Where a step's form is shown again that was sent when its session had ended.
        foreach (var step in new[] { "remove", "override", "enforce", "sighting", "withdraw", "reference", "notification" })
            readers.MapGet($"/entries/{{handle:guid}}/{step}", (HttpContext context, Guid handle, PageContext page, KeptForms kept, EntryScreen screen, CancellationToken cancellationToken) =>
                EntryPages.ShowStepAsync(context, handle, step, page, kept, screen, cancellationToken));
    }
}
