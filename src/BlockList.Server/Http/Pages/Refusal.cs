namespace BlockList.Server.Http.Pages;

/// <summary>A request that is not carried out: a page for people, a problem document for script that asks for one.</summary>
internal sealed class Refusal(int status, RefusedModel model) : IResult
{
    public int Status => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (!IsForScript(httpContext.Request))
        {
            await PageResult.Of<RefusedPage>(model, status).ExecuteAsync(httpContext);
            return;
        }
        var (response, body) = (httpContext.Response, Problems.ToJson(new Problem(status, CodeOf(status), model.What, model.Advice)));
        (response.StatusCode, response.ContentType) = (status, Problems.ContentType);
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    /// <summary>Whether script asks, which shows the sentences on the page that is there.</summary>
    public static bool IsForScript(HttpRequest request) => request.Headers.Accept.ToString().Contains(Problems.ContentType, StringComparison.Ordinal);

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "signed-out",
        StatusCodes.Status429TooManyRequests => "rate-limited",
        _ => "refused",
    };
}
