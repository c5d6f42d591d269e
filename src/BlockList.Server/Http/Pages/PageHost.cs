using System.Net;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Data;
using Npgsql;

namespace BlockList.Server.Http.Pages;

/// <summary>What the web hosts of all roles with pages have in common: how they listen, and what every answer says to browsers.</summary>
internal static class PageHost
{
    private const int Attempts = 4;

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
    /// After a restart of the database every connection of the pool is broken, and each would be found so by somebody's page. The first that
    /// is found drops them all, and a page that was only to be read is read again. What changes something is never done twice.
    /// </summary>
    public static async Task ReadAgainAsync(HttpContext context, RequestDelegate next)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await next(context);
                return;
            }
            catch (Exception problem) when (!context.Response.HasStarted && DatabaseTrouble.IsBrokenConnection(problem))
            {
                // More than once: while one request drops them, another may still be given one of them.
                context.RequestServices.GetRequiredService<NpgsqlDataSource>().Clear();
                if (attempt == Attempts || !HttpMethods.IsGet(context.Request.Method)) throw;
                context.SetEndpoint(null);
            }
        }
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
