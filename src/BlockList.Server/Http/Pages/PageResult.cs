using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlockList.Server.Http.Pages;

/// <summary>A component rendered on the server as static HTML: a page, or a fragment that htmx puts into one. Rendered whole
/// before the first byte is sent, so that a fault in the middle is an error page and no half of a page.</summary>
internal sealed class PageResult(Type component, object? model, int status) : IResult
{
    /// <summary>The page with its model.</summary>
    public static PageResult Of<TPage>(object? model = null, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new(typeof(TPage), model, status);

    public int Status => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var html = await RenderAsync(httpContext.RequestServices);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        await httpContext.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(html), httpContext.RequestAborted);
    }

    /// <summary>The page as text, for who sends it in an answer of their own.</summary>
    /// <param name="services">Of the request.</param>
    public async Task<string> RenderAsync(IServiceProvider services)
    {
        services.GetRequiredService<PageContext>().Model = model;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            using var writer = new StringWriter();
            (await renderer.RenderComponentAsync(component)).WriteHtmlTo(writer);
            return writer.ToString();
        });
    }
}
