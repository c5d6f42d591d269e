using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using BlockList.Server.Providers.Enrolling;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Providers.Applications;

/// <summary>Applications for the provider manager: looked at, approved or refused; codes and bundles of those that were approved.</summary>
internal sealed class ApplicationScreens(IDbContextFactory<BlockListDb> contexts, ApproveApplication approve, RefuseApplication refuse, MakeCode codes, MakeBundle bundles)
{
    public const string NameField = "name", ListField = "list", ReasonField = "reason", ApplicationField = "application";

    private const int MostOpen = 100, MostDecided = 50;

    public async Task<IResult> ShowAsync(TypedDecision typed, IReadOnlyList<FieldError> errors, string? problem, string? done, ShownCode? made, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await db.ProviderApplications.AsNoTracking().Where(a => a.State == ProviderApplication.Open).OrderBy(a => a.ReceivedAt).Take(MostOpen).ToListAsync(cancellationToken);
        var decided = await db.ProviderApplications.AsNoTracking().Where(a => a.State != ProviderApplication.Open).OrderByDescending(a => a.DecidedAt).Take(MostDecided).ToListAsync(cancellationToken);
        return PageResult.Of<ApplicationsPage>(new ApplicationsModel(open, decided, await bundles.ListsAsync(cancellationToken), bundles.IsPossible, typed, errors, problem, done, made),
            errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public async Task<IResult> ApproveAsync(Viewer person, Guid id, string name, string[] lists, CancellationToken cancellationToken)
    {
        var typed = new TypedDecision(id, name, lists);
        if (await FindAsync(id, cancellationToken) is not { State: ProviderApplication.Open } application) return await DecidedAsync(cancellationToken);
        if (name.Trim() is not { Length: > 0 and <= 200 } trimmed || Guid.TryParse(trimmed, out _)) return await WrongAsync(typed, NameField, "Give the provider a name of at most 200 characters, as people know it.", cancellationToken);
        if (lists.Length == 0) return await WrongAsync(typed, ListField, "Choose the lists that the provider may download.", cancellationToken);
        return await approve.RunAsync(application, person.Person, trimmed, lists, cancellationToken) switch
        {
            ApproveApplicationOutcome.Approved approved => await CodeAsync(trimmed, approved.Code.ToString(), application, "The provider is registered. Its own domains wait for their records on the page Hosts.", lists, cancellationToken),
            ApproveApplicationOutcome.NameTaken => await WrongAsync(typed, NameField, "A provider of this name is registered already. Choose another name, or refuse the application.", cancellationToken),
            ApproveApplicationOutcome.NoSuchList => await WrongAsync(typed, ListField, "Choose lists that stand here.", cancellationToken),
            _ => await DecidedAsync(cancellationToken),
        };
    }

    public async Task<IResult> RefuseAsync(Viewer person, Guid id, string reason, CancellationToken cancellationToken)
    {
        if (reason.Trim() is not { Length: > 0 and <= RefuseApplication.LongestReason } trimmed)
            return await WrongAsync(new TypedDecision(id, Reason: reason), ReasonField, $"Say why, in {RefuseApplication.LongestReason} characters at most. It is told to those who ask.", cancellationToken);
        return await refuse.RunAsync(id, person.Person, trimmed, cancellationToken) ? Results.Redirect("/applications?done=refused") : await DecidedAsync(cancellationToken);
    }

    /// <summary>Another code for a provider that was approved here, in place of one that is open.</summary>
    public async Task<IResult> AnotherCodeAsync(Viewer person, Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { ProviderId: { } provider } application) return await ShowAsync(new TypedDecision(), [], "There is no provider of this application. Nothing was changed.", null, null, cancellationToken);
        return await codes.RunAsync(provider.ToString(), person.Person, cancellationToken) is MakeCodeOutcome.Made made
            ? await CodeAsync(application.Organisation, made.Code.ToString(), application, "The code before holds no more.", await ListsOfAsync(provider, cancellationToken), cancellationToken)
            : await ShowAsync(new TypedDecision(), [], "The provider is suspended and gets no code.", null, null, cancellationToken);
    }

    public async Task<IResult> BundleAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!bundles.IsPossible || await FindAsync(id, cancellationToken) is not { ProviderId: { } provider }) return PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var name = await db.Providers.Where(p => p.Id == provider).Select(p => p.Name).SingleAsync(cancellationToken);
        return Results.File(await bundles.RunAsync(name, await ListsOfAsync(provider, cancellationToken), cancellationToken), "application/zip", "bundle.zip");
    }

    private async Task<IResult> CodeAsync(string name, string code, ProviderApplication application, string done, string[] lists, CancellationToken cancellationToken)
    {
        var roots = await bundles.RootsAsync(lists, cancellationToken);
        return await ShowAsync(new TypedDecision(), [], null, done, new ShownCode(application.Id, name, code, application.Telephone, [.. roots.Select(MakeBundle.SumOf)]), cancellationToken);
    }

    private Task<IResult> WrongAsync(TypedDecision typed, string field, string message, CancellationToken cancellationToken) =>
        ShowAsync(typed, [new FieldError(FieldOf(field, typed.Application!.Value), message)], null, null, null, cancellationToken);

    /// <summary>Of the field of one application: several stand on the page.</summary>
    public static string FieldOf(string field, Guid application) => $"{field}-{application:N}";

    private Task<IResult> DecidedAsync(CancellationToken cancellationToken) =>
        ShowAsync(new TypedDecision(), [], "Somebody decided this application already. Nothing was changed.", null, null, cancellationToken);

    private async Task<ProviderApplication?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ProviderApplications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancellationToken);
    }

    private async Task<string[]> ListsOfAsync(Guid provider, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ProviderLists.Where(l => l.ProviderId == provider).Select(l => l.List).Order().ToArrayAsync(cancellationToken);
    }
}
