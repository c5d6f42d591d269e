using BlockList.Server.Http;
using BlockList.Server.Providers;

namespace BlockList.Server.Distribution;

/// <summary>Whether a certificate may do what it asks, now. Asked for every request, and again and again while a stream is open.</summary>
internal sealed class Authorisation(Enrolments enrolments, TimeProvider time)
{
    private readonly Together<string, Enrolment?> known = new(enrolments.FindAsync);

    /// <summary>Why not, or null. Also notes on the caller what is enrolled.</summary>
    public async Task<Problem?> RefusalAsync(HttpContext context, Caller caller, CancellationToken cancellationToken)
    {
        caller.Enrolment = await known.AskAsync(caller.Sha256, cancellationToken);
        return Refusal(context, caller);
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
