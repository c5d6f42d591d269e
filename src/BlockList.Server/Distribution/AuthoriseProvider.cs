namespace BlockList.Server.Distribution;

/// <summary>
/// Decides for each request anew whether its certificate may do what it asks: a connection outlives a revocation. That the client has
/// the key of its certificate, and that our authority signed it, was shown in the handshake. A <see cref="Read"/> decides it with its row.
/// </summary>
internal sealed class AuthoriseProvider(RequestDelegate next, Authorisation authorisation)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var caller = Caller.Of(context)!;
        if (Read.IsAskedBy(context.GetEndpoint())) await next(context);
        else if (await authorisation.RefusalAsync(caller, context.RequestAborted) is { } refusal) await Answer.Refused(refusal).ExecuteAsync(context);
        else await next(context);
    }
}
