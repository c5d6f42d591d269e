using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names.Pages;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names;

internal static class RegisterEndpoints
{
    /// <summary>Beside the file: the fields, and what divides them.</summary>
    private const int RoomForFields = 64 * 1024;

    /// <summary>The register of names that must not be listed. Roles are asked here and again by the database.</summary>
    public static void MapRegister(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("/register").ForPeople(RoleNames.Curator, RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.Oversight, RoleNames.Auditor);
        readers.MapGet("", ShowAsync);
        readers.MapGet("/history", (RegisterScreens screens, long? before, CancellationToken cancellationToken) => screens.ShowHistoryAsync(before, cancellationToken));
        readers.MapGet("/rows/{id:guid}", ShowRowAsync);

        var writers = routes.MapGroup("/register").ForPeople(RoleNames.Curator, RoleNames.ReleaseOfficer);
        writers.MapGet("/add", ShowAddAsync);
        writers.MapPost("/add", AddAsync);

        var officers = routes.MapGroup("/register").ForPeople(RoleNames.ReleaseOfficer);
        officers.MapPost("/rows/{id:guid}/retire", RetireAsync).ShownAt("/register/rows/{id}");
        officers.MapGet("/import", (ImportScreens screens, CancellationToken cancellationToken) => screens.ShowFormAsync(null, null, cancellationToken));
        officers.MapPost("/import", UploadAsync).WithMetadata(new UploadLimit(SiteFile.MaximumLength + RoomForFields, "A list takes the place of the one before it, so half of one is no use: send its first million lines."));
        officers.MapGet("/import/{sha256}", ShowPlanAsync);
        officers.MapPost("/import/{sha256}", SignAsync);
    }

    private static Task<IResult> ShowAsync(RegisterScreens screens, string? q, string? scope, string? source, long? before, CancellationToken cancellationToken) =>
        screens.ShowAsync(q?.Trim(), scope == "host" ? Scope.Host : Scope.Domain, SourceText.TryParse(source, out var chosen) ? chosen : null, before, cancellationToken);

    private static async Task<IResult> ShowRowAsync(HttpContext context, Guid id, PageContext page, KeptForms kept, RegisterScreens screens, string? done, CancellationToken cancellationToken) =>
        await screens.ShowRowAsync(id, (await kept.FindAsync(context, page.Reader, cancellationToken)).GetValueOrDefault(RegisterScreens.ReasonField, ""), [], null, DoneOf(done), cancellationToken);

    private static async Task<IResult> RetireAsync(HttpContext context, Guid id, PageContext page, RegisterScreens screens, CancellationToken cancellationToken) =>
        await screens.RetireAsync(page.Reader, id, (await FieldsAsync(context, cancellationToken)).GetValueOrDefault(RegisterScreens.ReasonField, ""), cancellationToken);

    private static async Task<IResult> ShowAddAsync(HttpContext context, PageContext page, KeptForms kept, RegisterScreens screens, string? name, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        return await screens.ShowAddAsync(fields.Count > 0 ? TypedIn(fields) : TypedRow.Empty with { Name = name ?? "" }, [], null, cancellationToken);
    }

    private static async Task<IResult> AddAsync(HttpContext context, PageContext page, RegisterScreens screens, CancellationToken cancellationToken) =>
        await screens.AddAsync(page.Reader, TypedIn(await FieldsAsync(context, cancellationToken)), cancellationToken);

    private static async Task<IResult> UploadAsync(HttpContext context, PageContext page, ImportScreens screens, CancellationToken cancellationToken) =>
        await screens.UploadAsync(page.Reader, (await context.Request.ReadFormAsync(cancellationToken)).Files.GetFile(ImportScreens.FileField), cancellationToken);

    private static async Task<IResult> ShowPlanAsync(HttpContext context, string sha256, PageContext page, KeptForms kept, ImportScreens screens, CancellationToken cancellationToken) =>
        await screens.ShowPlanAsync(sha256, (await kept.FindAsync(context, page.Reader, cancellationToken)).GetValueOrDefault(RegisterScreens.ReasonField, ""), [], null, cancellationToken);

    private static async Task<IResult> SignAsync(HttpContext context, string sha256, PageContext page, ImportScreens screens, CancellationToken cancellationToken)
    {
        var fields = await FieldsAsync(context, cancellationToken);
        return await screens.SignAsync(page.Reader, sha256, fields.GetValueOrDefault(RegisterScreens.ReasonField, ""), fields.GetValueOrDefault(ImportScreens.ReplacesField, ""), cancellationToken);
    }

    private static async Task<IReadOnlyDictionary<string, string>> FieldsAsync(HttpContext context, CancellationToken cancellationToken) => KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken));

    private static TypedRow TypedIn(IReadOnlyDictionary<string, string> fields) =>
        new(fields.GetValueOrDefault("name", ""), fields.GetValueOrDefault("source", ""), fields.GetValueOrDefault(RegisterScreens.ReasonField, ""), fields.GetValueOrDefault("checked", ""));

    /// <summary>Addresses carry a word, not the sentence: nobody can make our pages say theirs.</summary>
    private static string? DoneOf(string? word) => word switch
    {
        "added" => "The name is in the register. Proposals and what new versions add meet it from now on.",
        "retired" => "The row is taken out. Nothing meets it any more.",
        "imported" => "The list is in force. Proposals and what new versions add meet it from now on.",
        _ => null,
    };
}
