using System.Globalization;
using System.Text;
using System.Text.Json;
using BlockList.Format.Enrolment;
using BlockList.Format.Json;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Http;
using BlockList.Server.Providers.Enrolling;

namespace BlockList.Server.Complaints.Public;

/// <summary><c>POST /enrol</c>: an agent that has a code asks for its first certificate, and asks again until it is made. No page: JSON in,
/// PEM or a problem document out. The code itself never comes here.</summary>
internal sealed partial class EnrolEndpoint(EnrolByCode enrol, PortalLimits limits, ILogger<EnrolEndpoint> logger)
{
    /// <summary>Bytes of a body: the longest request in base64, and the rest.</summary>
    private const int LongestBody = 16 * 1024;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2), WhenBroken = TimeSpan.FromSeconds(30);

    public async Task<IResult> RunAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!limits.Enrolments.TryTake(RemoteAddress.Network(context))) return Refuse(context, EnrolRefusals.Often, limits.Enrolments.Wait());
        try
        {
            if (await ReadAsync(context) is not { } request) return Refuse(context, EnrolRefusals.Malformed("It is no JSON object with handle, proof and csr."));
            if (CertifiableKey.Read(request.Csr, out var problem) is not { } key) return Refuse(context, EnrolRefusals.Malformed(problem));
            var answer = await enrol.RunAsync(request.Handle, request.Proof, key, context.RequestAborted);
            if (answer.Outcome == RequestAnswer.Issued) return Results.Text(answer.Pem, "application/x-pem-file", Encoding.ASCII);
            if (answer.Outcome != RequestAnswer.Waiting) return Refuse(context, EnrolRefusals.Of(answer));
            RetryAfter(context, AskAgain);
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (BadHttpRequestException)
        {
            return Refuse(context, EnrolRefusals.Malformed($"A request has at most {LongestBody} bytes."));
        }
        catch (Exception trouble) when (DatabaseTrouble.Describe(trouble) is { } described)
        {
            Log.Trouble(logger, described);
            return Refuse(context, EnrolRefusals.Unavailable, WhenBroken);
        }
    }

    private static async Task<(string Handle, byte[] Proof, byte[] Csr)?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null or > LongestBody) return null;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        try
        {
            var json = CanonicalJson.Parse(body.ToArray());
            var handle = json.GetProperty("handle").GetString();
            var (proof, csr) = (Convert.FromHexString(json.GetProperty("proof").GetString() ?? ""), json.GetProperty("csr").GetBytesFromBase64());
            return EnrolmentCode.IsHandle(handle) && proof.Length == 32 ? (handle!, proof, csr) : null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IResult Refuse(HttpContext context, Problem problem, TimeSpan? wait = null)
    {
        if (wait is { } time) RetryAfter(context, time);
        return Results.Text(Problems.ToJson(problem), Problems.ContentType, problem.Status);
    }

    private static void RetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "An enrolment could not be taken: {Problem}")]
        public static partial void Trouble(ILogger logger, string problem);
    }
}
