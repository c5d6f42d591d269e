using System.Net;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Development;

/// <summary>
/// Signs in as a demo person by a click, and signs for them with software passkeys, so that everything can be tried
/// without hardware. Development builds only, loopback only: a role that listens elsewhere refuses to start with it.
/// </summary>
internal static class DevelopmentSignIn
{
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<DevelopmentOptions>().BindConfiguration(DevelopmentOptions.Section);
        services.AddSingleton<IStatementSigner, SoftwarePasskeys>();
        services.AddOptions<PageOptions>().Validate(page => !IPEndPoint.TryParse(page.Listen, out var endPoint) || IPAddress.IsLoopback(endPoint.Address),
            "This is a development build, in which anyone can sign in as anyone: it listens at a loopback address only. Set Listen to 127.0.0.1 and a port.");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/development").ForVisitors();
        group.MapGet("/sign-in", ShowAsync);
        group.MapPost("/sign-in/choose", ChooseAsync).ShownAt("/sign-in");
        group.MapPost("/sign-in", SignInAsync);
    }

    private static Task<IResult> ShowAsync(HttpContext context, IDbContextFactory<BlockListDb> contexts, CancellationToken cancellationToken) =>
        ShowPeopleAsync(LocalPath.Of(context.Request.Query["to"]), new Dictionary<string, string>(), contexts, cancellationToken);

    /// <summary>From the sign-in page: what an interrupted form holds travels on.</summary>
    private static async Task<IResult> ChooseAsync(HttpContext context, IDbContextFactory<BlockListDb> contexts, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        return await ShowPeopleAsync(LocalPath.Of(form["to"]), KeptForms.TravelledIn(form), contexts, cancellationToken);
    }

    private static async Task<IResult> ShowPeopleAsync(string to, IReadOnlyDictionary<string, string> kept, IDbContextFactory<BlockListDb> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await db.People.AsNoTracking().Where(p => p.LeftAt == null).OrderBy(p => p.Agency).ThenBy(p => p.Id).ToListAsync(cancellationToken);
        return PageResult.Of<DevelopmentSignInPage>(new DevelopmentSignInModel(to, kept, people));
    }

    private static async Task<IResult> SignInAsync(HttpContext context, IDbContextFactory<BlockListDb> contexts, Sessions sessions, KeptForms kept, CancellationToken cancellationToken)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address)) return Results.NotFound();
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var person = form["person"].ToString();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.People.AnyAsync(p => p.Id == person && p.LeftAt == null, cancellationToken)) return Results.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var secret = await sessions.OpenAsync(connection, person, null, context.Request.Headers.UserAgent, cancellationToken);
        await AuditLog.AppendAsync(connection, person, "sign-in.development", person, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.Response.Cookies.Append(FormTokens.SessionCookie, secret, FormTokens.CookieOptions);
        var to = LocalPath.Of(form["to"]);
        var travelled = KeptForms.TravelledIn(form);
        return Results.Redirect(travelled.Count > 0 ? await kept.KeepAsync(person, to, travelled, cancellationToken) : to);
    }
}
