namespace BlockList.Server.Distribution;

/// <summary>
/// Decides for each request anew whether its certificate may do what it asks: a connection outlives a revocation. That the client has
/// the key of its certificate, and that our authority signed it, was shown in the handshake.
/// </summary>
internal sealed class AuthoriseProvider(RequestDelegate next, Authorisation authorisation)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Caller.Of(context) is not { } caller)
        {
            // The listener lets nobody through without a certificate of our authority; whoever comes here found another way.
            context.Abort();
            return;
        }
        if (await authorisation.RefusalAsync(context, caller, context.RequestAborted) is { } refusal) await Answer.Refused(refusal).ExecuteAsync(context);
        else await next(context);
    }
}
