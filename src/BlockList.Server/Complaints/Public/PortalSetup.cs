using BlockList.Server.Access;
using BlockList.Server.Complaints.Public.Pages;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names;
using BlockList.Server.Providers.Applications;
using BlockList.Server.Providers.Enrolling;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Complaints.Public;

/// <summary>The web host of the public site. No cookie, no session, nothing of anybody else.</summary>
internal static partial class PortalSetup
{
    /// <summary>Longest body of a form, in bytes: the longest text in the widest script twice, once typed and once in the draft.</summary>
    private const int LongestForm = 128 * 1024;

    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void AddPortal(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ComplaintOptions>().BindConfiguration(ComplaintOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // Of this section only the header in which a proxy names the visitor's address.
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section);
        services.AddRouting();
        services.AddScoped<PageContext>().AddScoped<PortalContext>();
        services.AddSingleton(PublicSuffixes.BuiltIn).AddSingleton<ComplaintKey>().AddSingleton<ComplaintSecrets>().AddSingleton<SealedDrafts>().AddSingleton<WorkChallenge>().AddSingleton<Tide>().AddSingleton<PortalLimits>();
        services.AddSingleton<SendApplication>().AddScoped<ApplyScreens>().AddSingleton<EnrolByCode>().AddSingleton<EnrolEndpoint>().AddSingleton<SubmitComplaint>().AddSingleton<ReadComplaint>().AddSingleton<FollowCase>().AddSingleton<ReadCriteria>().AddScoped<ComplainScreens>().AddScoped<StatusScreens>();
        builder.ListenForPages(LongestForm, provider =>
        {
            var options = provider.GetRequiredService<IOptions<PortalOptions>>().Value;
            return (options.EndPoint, options.Certificate, options.CertificateKey);
        });
    }

    public static void UsePortal(this WebApplication app)
    {
        // Before it listens: a secret that cannot be read ends the start.
        _ = app.Services.GetRequiredService<ComplaintKey>();
        app.Use(SetHeaders);
        app.Use(ChooseLanguage);
        app.Use(GuardFaultsAsync);
        app.Use(PageHost.ReadAgainAsync);
        app.Use(StaticFiles.AnswerAsync);
        app.UseRouting();
        app.Use(RefuseStrangersAsync);
    }

    private static Task SetHeaders(HttpContext context, RequestDelegate next)
    {
        // Kept for the way back with what was typed, and asked for again otherwise; pages with a secret say no-store themselves.
        context.Response.Headers.SetPageHeaders(ContentPolicy, "private, no-cache");
        return next(context);
    }

    /// <summary>The first part of the path; where there is none (an address that leads nowhere), what the browser prefers.</summary>
    private static Task ChooseLanguage(HttpContext context, RequestDelegate next)
    {
        var portal = context.RequestServices.GetRequiredService<PortalContext>();
        var path = context.Request.Path.Value ?? "/";
        var named = PortalLanguage.All.FirstOrDefault(language => path == $"/{language.Code}" || path.StartsWith($"/{language.Code}/", StringComparison.Ordinal));
        portal.Language = named ?? PreferredLanguage.Of(context.Request.Headers.AcceptLanguage);
        portal.Path = named is not null && path.Length > 3 ? path[3..] : "/";
        return next(context);
    }

    private static async Task GuardFaultsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (BadHttpRequestException problem) when (!context.Response.HasStarted)
        {
            await MessageModel.Page(problem.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too-long" : "broken-form", problem.StatusCode).ExecuteAsync(context);
        }
        catch (InvalidDataException) when (!context.Response.HasStarted)
        {
            await MessageModel.Page("broken-form", StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            Log.Fault(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PortalSetup)), problem, context.TraceIdentifier, context.GetEndpoint()?.DisplayName);
            await MessageModel.Page("fault", StatusCodes.Status500InternalServerError).ExecuteAsync(context);
        }
    }

    /// <summary>A form of another site cannot do anything here that its own visitor could not; it could make them complain unawares.</summary>
    private static Task RefuseStrangersAsync(HttpContext context, RequestDelegate next) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "same-origin" && site != "none"
            ? MessageModel.Page("elsewhere", StatusCodes.Status403Forbidden).ExecuteAsync(context)
            : next(context);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Request {Trace} to {Endpoint} broke.")]
        public static partial void Fault(ILogger logger, Exception problem, string trace, string? endpoint);
    }
}
