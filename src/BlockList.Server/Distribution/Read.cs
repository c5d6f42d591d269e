using System.Diagnostics;

namespace BlockList.Server.Distribution;

/// <summary>
/// A published file for whoever may read it. The answer is made first, from memory for the most part; then the database is asked, and the
/// row written, in one journey, and only then is anything sent. Endpoints that return it are mapped by <see cref="MapRead"/> and by nothing else.
/// </summary>
internal sealed class Read(Answer answer) : IResult
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static implicit operator Read(Answer answer) => new(answer);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var authorisation = httpContext.RequestServices.GetRequiredService<Authorisation>();
        var refusal = await authorisation.ReadRefusalAsync(Caller.Of(httpContext)!, answer, answer.BytesSent(httpContext), httpContext.RequestAborted);
        await (refusal is null ? answer with { IsRecorded = false } : Answer.Refused(refusal)).ExecuteAsync(httpContext);
    }

    /// <summary>Whether an endpoint asks who may read by itself, with the row.</summary>
    public static bool IsAskedBy(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<Asking>() is not null;

    /// <param name="routes">Of the role.</param>
    /// <param name="pattern">The address.</param>
    /// <param name="handler">Returns a task of <see cref="Read"/>.</param>
    public static void MapRead(IEndpointRouteBuilder routes, string pattern, Delegate handler)
    {
        if (handler.Method.ReturnType != typeof(Task<Read>)) throw new UnreachableException($"{pattern} would be answered to whoever asks");
        routes.MapMethods(pattern, Methods, handler).WithMetadata(Asking.Itself);
    }

    private sealed class Asking
    {
        public static readonly Asking Itself = new();
    }
}
