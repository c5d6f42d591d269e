using BlockList.Server.Http;
using BlockList.Server.Providers;

namespace BlockList.Server.Distribution;

/// <summary>
/// Decides for each request anew whether its certificate may do what it asks: a connection outlives a revocation.
/// </summary>
internal sealed class AuthoriseProvider(RequestDelegate next, Enrolments enrolments, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Caller.Of(context) is not { } caller || context.User.Identity is not { IsAuthenticated: true })
        {
            // The listener lets nobody through without a certificate of our authority; whoever comes here found another way.
            context.Abort();
            return;
        }
        caller.Enrolment = await enrolments.FindAsync(caller.Sha256, context.RequestAborted);
        if (Refusal(context, caller) is { } refusal) await Answer.Refused(refusal).ExecuteAsync(context);
        else await next(context);
    }

    /// <summary>In this order: what someone decided comes before what time did, and both before what was asked for.</summary>
    private Problem? Refusal(HttpContext context, Caller caller)
    {
        if (caller.Enrolment is not { } enrolment) return Refusals.Unknown(caller.Sha256);
        if (enrolment.RevokedAt is { } revoked) return Refusals.Revoked(revoked, enrolment.RevokedSha256 == caller.Sha256);
        if (enrolment.SuspendedAt is { } suspended) return Refusals.Suspended(enrolment.Provider, suspended);
        var now = time.GetUtcNow();
        var certificate = context.Connection.ClientCertificate!;
        if (now < certificate.NotBefore) return Refusals.NotYetValid(certificate.NotBefore, now);
        if (now > certificate.NotAfter) return Refusals.Expired(certificate.NotAfter);
        return caller.List is { } list && !enrolment.Lists.Contains(list, StringComparer.Ordinal)
            ? Refusals.NotThisList(list, enrolment.Provider, enrolment.Lists)
            : null;
    }
}
