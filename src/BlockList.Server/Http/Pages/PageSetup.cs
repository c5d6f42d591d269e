using BlockList.Server.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Http.Pages;

/// <summary>The web host of a role that shows pages to people.</summary>
internal static partial class PageSetup
{
    /// <summary>Longest body of a form, in bytes; an upload says its own.</summary>
    private const int LongestForm = 1024 * 1024;

    /// <summary>No script, style, picture or form of anyone else; nobody frames us.</summary>
    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void AddPages(this WebApplicationBuilder builder, string section)
    {
        builder.Services.AddOptions<PageOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        // An uploaded file stays in memory: nothing of it may be left on a disk.
        builder.Services.Configure<FormOptions>(form => form.MemoryBufferThreshold = int.MaxValue);
        // Not the core alone: some addresses have parts of a fixed set of words.
        builder.Services.AddRouting();
        builder.Services.AddScoped<PageContext>();
        builder.Services.AddAccess().AddPasskeys();
        builder.ListenForPages(LongestForm, provider =>
        {
            var options = provider.GetRequiredService<IOptions<PageOptions>>().Value;
            return (options.EndPoint, options.Certificate, options.CertificateKey);
        });
    }

    /// <summary>Before any endpoint is mapped.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.Use(SetHeaders);
        app.Use(GuardFaultsAsync);
        app.Use(PageHost.ReadAgainAsync);
        app.Use(StaticFiles.AnswerAsync);
        app.UseRouting();
        app.UseRateLimiter();
        app.UseMiddleware<PageGate>();
    }

    private static Task SetHeaders(HttpContext context, RequestDelegate next)
    {
        // Names on a screen are enough; none stays in a cache, and going back asks again.
        context.Response.Headers.SetPageHeaders(ContentPolicy, "no-store");
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
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            Log.Fault(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PageSetup)), problem, context.TraceIdentifier, context.GetEndpoint()?.DisplayName);
            await PageResult.Of<RefusedPage>(new RefusedModel("Something broke on our side",
                $"We do not know whether your last step was carried out: look before you repeat it. If it happens again, tell the operator this number: {context.TraceIdentifier}."), StatusCodes.Status500InternalServerError).ExecuteAsync(context);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Request {Trace} to {Endpoint} broke.")]
        public static partial void Fault(ILogger logger, Exception problem, string trace, string? endpoint);
    }
}
