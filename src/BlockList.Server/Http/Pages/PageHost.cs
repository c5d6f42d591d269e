using System.Net;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Data;

namespace BlockList.Server.Http.Pages;

/// <summary>What the web hosts of all roles with pages have in common: how they listen, and what every answer says to browsers.</summary>
internal static class PageHost
{
    /// <summary>After these waits a page is read again, while the driver still drops connections that it knows are broken.</summary>
    private static readonly TimeSpan[] Waits = [.. new[] { 50, 100, 200, 400, 800 }.Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))];

    /// <param name="builder">Of the role.</param>
    /// <param name="longestForm">Longest body of a form, in bytes; an upload says its own.</param>
    /// <param name="where">Address, and PEM files of certificate and key where this process speaks TLS itself.</param>
    public static void ListenForPages(this WebApplicationBuilder builder, int longestForm, Func<IServiceProvider, (IPEndPoint EndPoint, string? Certificate, string? Key)> where) =>
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = longestForm;
            var (endPoint, certificate, key) = where(kestrel.ApplicationServices);
            kestrel.Listen(endPoint, listen =>
            {
                if (certificate is not null) listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, key));
            });
        });

    /// <summary>
    /// After a restart of the database every connection of the pool is broken. The driver drops them all when it finds the first, but who comes
    /// in the meantime is still given one of them: a page that was only to be read is read again, a little later each time. What changes
    /// something is never done twice.
    /// </summary>
    public static async Task ReadAgainAsync(HttpContext context, RequestDelegate next)
    {
        foreach (var wait in Waits)
        {
            try
            {
                await next(context);
                return;
            }
            catch (Exception problem) when (!context.Response.HasStarted && HttpMethods.IsGet(context.Request.Method) && DatabaseTrouble.IsBrokenConnection(problem))
            {
                context.SetEndpoint(null);
                await Task.Delay(wait, context.RequestAborted);
            }
        }
        await next(context);
    }

    /// <param name="headers">Of an answer.</param>
    /// <param name="contentPolicy">No script, style, picture or form of anyone else.</param>
    /// <param name="cacheControl">For pages that say nothing else of it.</param>
    public static void SetPageHeaders(this IHeaderDictionary headers, string contentPolicy, string cacheControl)
    {
        headers.ContentSecurityPolicy = contentPolicy;
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: a browser would then hide from us, too, that a form is our own (Origin: null).
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = cacheControl;
    }
}
