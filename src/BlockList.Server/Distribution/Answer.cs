using System.Globalization;
using BlockList.Server.Http;

namespace BlockList.Server.Distribution;

/// <summary>
/// Everything this endpoint ever sends is one of these. Its row is written before its first byte leaves: a read that
/// could not be recorded does not happen.
/// </summary>
internal sealed record Answer(int Status) : IResult
{
    /// <summary>RFC 8446 section 5.1.</summary>
    private const int TlsRecord = 16 * 1024;

    public const string NoStore = "no-store";

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    /// <summary>With its quotation marks.</summary>
    public string? ETag { get; init; }

    public string CacheControl { get; init; } = NoStore;

    /// <summary>Whether another <c>Accept-Encoding</c> would have got other bytes.</summary>
    public bool Varies { get; init; }

    /// <summary>The header whose other value would have got another answer, or null.</summary>
    public string? VariesBy { get; init; }

    /// <summary>What a browser may load for a page, or null.</summary>
    public string? ContentPolicy { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? Refusal { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>False for answers so frequent that their rows would be the harm.</summary>
    public bool IsRecorded { get; init; } = true;

    public static readonly Answer NotFound = new(StatusCodes.Status404NotFound);

    public static Answer Refused(Problem problem, TimeSpan? retryAfter = null) => new(problem.Status)
    {
        ContentType = Problems.ContentType,
        Refusal = problem.Code,
        Body = Problems.ToJson(problem),
        RetryAfter = retryAfter,
    };

    /// <summary>Of the body, to this request.</summary>
    public long BytesSent(HttpContext context) => HttpMethods.IsHead(context.Request.Method) ? 0 : Body.Length;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = BytesSent(httpContext);
        if (IsRecorded && Caller.Of(httpContext) is { } caller)
            await httpContext.RequestServices.GetRequiredService<DownloadRows>()
                .AddAsync(caller, Status, Refusal, bytes, httpContext.RequestAborted);

        var response = httpContext.Response;
        response.StatusCode = Status;
        var headers = response.Headers;
        headers.CacheControl = CacheControl;
        if (ContentType is not null) headers.ContentType = ContentType;
        if (ContentEncoding is not null) headers.ContentEncoding = ContentEncoding;
        if (ETag is not null) headers.ETag = ETag;
        if (Varies) headers.Vary = "Accept-Encoding";
        if (VariesBy is not null) headers.Vary = VariesBy;
        if (ContentPolicy is not null) headers.ContentSecurityPolicy = ContentPolicy;
        if (RetryAfter is { } wait) headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (Status is not (StatusCodes.Status304NotModified or StatusCodes.Status204NoContent)) response.ContentLength = Body.Length;
        if (bytes > 0) await SendAsync(response, Body, httpContext.RequestAborted);
    }

    /// <summary>In pieces of the length of a TLS record: the writer's own are a quarter of that, and each would be a record by itself.</summary>
    private static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await response.StartAsync(cancellationToken);
        var writer = response.BodyWriter;
        while (body.Length > 0)
        {
            var piece = body[..Math.Min(TlsRecord, body.Length)];
            piece.Span.CopyTo(writer.GetSpan(piece.Length));
            writer.Advance(piece.Length);
            body = body[piece.Length..];
        }
        await writer.FlushAsync(cancellationToken);
    }
}
