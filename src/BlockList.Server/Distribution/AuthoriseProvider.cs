namespace BlockList.Server.Distribution;

/// <summary>
/// Decides for each request anew whether its certificate may do what it asks: a connection outlives a revocation.
/// </summary>
internal sealed class AuthoriseProvider(RequestDelegate next, Authorisation authorisation)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Caller.Of(context) is not { } caller || context.User.Identity is not { IsAuthenticated: true })
        {
            // The listener lets nobody through without a certificate of our authority; whoever comes here found another way.
            context.Abort();
            return;
        }
        if (await authorisation.RefusalAsync(context, caller, context.RequestAborted) is { } refusal) await Answer.Refused(refusal).ExecuteAsync(context);
        else await next(context);
    }
}
