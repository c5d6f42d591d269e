using System.Text;
using System.Text.Json;
using BlockList.Format.Json;
using BlockList.Server.Providers.Enrolling;

namespace BlockList.Server.Distribution;

/// <summary><c>POST /v1/certificate/renew</c>: a request with a new key, signed by the key of the certificate that asks. 202 until the
/// issuer has answered; the same request again is the question what became of it.</summary>
internal sealed class AcceptRenewal(RenewCertificate renew)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    public async Task<Answer> RunAsync(HttpContext context)
    {
        // The listener's limit of a body holds; more than that never gets here.
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (Read(body.ToArray()) is not var (csr, signature)) return Answer.Refused(Refusals.MalformedRenewal("It is no JSON object with csr and signature."));
        if (CertifiableKey.Read(csr, out var problem) is not { } key) return Answer.Refused(Refusals.MalformedRenewal(problem));
        var answer = await renew.RunAsync(Caller.Of(context)!.Certificate.Certificate, key, signature, context.RequestAborted);
        return answer.Outcome switch
        {
            RequestAnswer.Issued => new Answer(StatusCodes.Status200OK) { ContentType = "application/x-pem-file", Body = Encoding.ASCII.GetBytes(answer.Pem) },
            RequestAnswer.Waiting => new Answer(StatusCodes.Status202Accepted) { RetryAfter = AskAgain },
            RequestAnswer.Refused => Answer.Refused(Refusals.RenewalRefused(answer.Refusal!)),
            "other-waits" => Answer.Refused(Refusals.RenewalRefused("Another key waits for its certificate in this one's place. Try again in a minute.")),
            "key-in-use" => Answer.Refused(Refusals.RenewalRefused("The key has a certificate already. Make a new key.")),
            "enough" => Answer.Refused(Refusals.RenewalRefused("Two certificates of this provider are valid, and more there may not be. Ask the operator to revoke the one that is not used.")),
            _ => Answer.Refused(Refusals.RenewalRefused("This certificate ended a moment ago, or was revoked or suspended.")),
        };
    }

    private static (byte[] Csr, byte[] Signature)? Read(byte[] body)
    {
        try
        {
            var json = CanonicalJson.Parse(body);
            return (json.GetProperty("csr").GetBytesFromBase64(), json.GetProperty("signature").GetBytesFromBase64());
        }
        catch (Exception problem) when (problem is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
