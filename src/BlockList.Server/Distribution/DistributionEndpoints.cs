using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using BlockList.Server.Distribution.Coverage;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Distribution;

/// <summary>All addresses of this role. Who asks was decided before: see <see cref="AuthoriseProvider"/>.</summary>
internal static class DistributionEndpoints
{
    private const string Timestamp = "timestamp.json";
    private const string Note = "text/plain; charset=utf-8";
    private const string Revalidate = "no-cache";
    // Private: behind mutual TLS, nothing is for a cache that others share.
    private const string Immutable = "private, max-age=31536000, immutable";
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-/");
    private static readonly TimeSpan ReplicaPause = TimeSpan.FromSeconds(60);

    public static void MapDistribution(this IEndpointRouteBuilder routes)
    {
        Read.MapRead(routes, "/v1/{list}/tuf/" + Timestamp, ServeTimestampAsync);
        Read.MapRead(routes, "/v1/{list}/tuf/{file}", (string list, string file, HttpRequest request, ServedFiles files) => ServeFileAsync(list, "tuf/" + file, request, files));
        Read.MapRead(routes, "/v1/{list}/targets/{**file}", (string list, string? file, HttpRequest request, ServedFiles files) => ServeFileAsync(list, "targets/" + file, request, files));
        routes.MapMethods("/v1/{list}/log/checkpoint", ReadMethods, ServeCheckpointAsync);
        routes.MapMethods("/v1/{list}/log/tile/{**tile}", ReadMethods, ServeTileAsync);
        routes.MapMethods("/v1/{list}/log/proof/{step}", ReadMethods, ServeProofAsync);
        routes.MapGet("/v1/{list}/events", (string list, HttpContext context, SendHints hints) => hints.RunAsync(context, list));
        routes.MapMethods("/v1/whoami", ReadMethods, WhoAmI);
        routes.MapPost("/v1/receipts", AcceptReceiptAsync);
        routes.MapPost("/v1/certificate/renew", (HttpContext context, AcceptRenewal accept) => accept.RunAsync(context));
        routes.MapSelf();
        routes.Map("/{**path}", () => Answer.NotFound);
    }

    private static async Task<Read> ServeTimestampAsync(string list, HttpRequest request, ServedTimestamps timestamps, CancellationToken cancellationToken)
    {
        var (file, isOlder) = await timestamps.FindAsync(list, cancellationToken);
        if (isOlder) return Answer.Refused(Refusals.OlderTimestamp, ReplicaPause);
        return file?.ToAnswer(request, ContentType(Timestamp), Revalidate) ?? Answer.NotFound;
    }

    private static async Task<Read> ServeFileAsync(string list, string path, HttpRequest request, ServedFiles files)
    {
        if (path.AsSpan().ContainsAnyExcept(PathCharacters)) return Answer.NotFound;
        var file = await files.FindAsync(list, path);
        return file?.ToAnswer(request, ContentType(path), Immutable) ?? Answer.NotFound;
    }

    private static async Task<Answer> ServeCheckpointAsync(string list, HttpRequest request, ServedLog log, CancellationToken cancellationToken) =>
        (await log.NewestAsync(list, cancellationToken))?.ToAnswer(request, Note, Revalidate) ?? Answer.NotFound;

    private static async Task<Answer> ServeTileAsync(string list, string? tile, HttpRequest request, ServedLog log, CancellationToken cancellationToken) =>
        (await log.TileAsync(list, tile ?? "", cancellationToken))?.ToAnswer(request, "application/octet-stream", Immutable) ?? Answer.NotFound;

    private static async Task<Answer> ServeProofAsync(string list, string step, HttpRequest request, ServedLog log, CancellationToken cancellationToken) =>
        (await log.ProofAsync(list, step, cancellationToken))?.ToAnswer(request, Note, Immutable) ?? Answer.NotFound;

    private static Answer WhoAmI(HttpContext context, IOptions<DistributionOptions> options, TimeProvider time)
    {
        var caller = Caller.Of(context)!;
        var enrolment = caller.Enrolment!;
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("provider", enrolment.Provider);
            json.WriteNumber("certificate_days_left", (int)(caller.Certificate.NotAfter - time.GetUtcNow()).TotalDays);
            json.WriteStartArray("lists");
            foreach (var list in enrolment.Lists) json.WriteStringValue(list);
            json.WriteEndArray();
            json.WriteString("deployment", options.Value.Deployment);
            json.WriteEndObject();
        }
        return new Answer(StatusCodes.Status200OK) { ContentType = "application/json", Body = output.WrittenMemory };
    }

    private static async Task<Answer> AcceptReceiptAsync(HttpContext context, AcceptReceipt accept, CancellationToken cancellationToken)
    {
        // The listener's limit of a body holds; more than that never gets here.
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        var caller = Caller.Of(context)!;
        var enrolment = caller.Enrolment!;
        return await accept.RunAsync(body.GetBuffer().AsMemory(0, (int)body.Length), enrolment, caller.Sha256, cancellationToken) switch
        {
            AcceptReceiptOutcome.Accepted => new Answer(StatusCodes.Status204NoContent),
            AcceptReceiptOutcome.Malformed malformed => Answer.Refused(Refusals.MalformedReceipt(malformed.Reason)),
            AcceptReceiptOutcome.NotThisList other => Answer.Refused(Refusals.NotThisList(other.List, enrolment.Provider, enrolment.Lists)),
            _ => throw new UnreachableException(),
        };
    }

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".json" => "application/json",
        ".txt" or ".sshsig" => "text/plain; charset=us-ascii",
        ".p7s" => "application/pkcs7-signature",
        ".zip" => "application/zip",
        _ => "application/octet-stream",
    };
}
