using BlockList.Server.Http;
using BlockList.Server.Providers;

namespace BlockList.Server.Distribution;

/// <summary>Whether a certificate may do what it asks, now. Asked for every request, and again and again while a stream is open.</summary>
internal sealed class Authorisation(Enrolments enrolments, RecordedReads reads, TimeProvider time)
{
    private readonly Together<string, Enrolment?> known = new(enrolments.FindAsync);

    /// <summary>Why not, or null. Also notes on the caller what is enrolled.</summary>
    public async Task<Problem?> RefusalAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Enrolment = await known.AskAsync(caller.Sha256, cancellationToken);
        return Refusal(caller);
    }

    /// <summary>Why a file may not be read, or null; then the row of the read is safe.</summary>
    /// <param name="caller">Who would read it.</param>
    /// <param name="answer">What would be sent.</param>
    /// <param name="bytes">Of its body, to this request.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<Problem?> ReadRefusalAsync(Caller caller, Answer answer, long bytes, CancellationToken cancellationToken)
    {
        // Who may not because of a date is not asked for as a reader; what else is against it comes first in what is said.
        if (DateRefusal(caller) is not null) return await RefusalAsync(caller, cancellationToken);
        caller.Enrolment = await reads.AskAsync(caller, answer, bytes, cancellationToken);
        return caller.Enrolment?.MayRead(caller.List) == true ? null : Refusal(caller);
    }

    /// <summary>In this order: what someone decided comes before what time did, and both before what was asked for.</summary>
    private Problem? Refusal(Caller caller)
    {
        if (caller.Enrolment is not { } enrolment) return Refusals.Unknown(caller.Sha256);
        if (enrolment.RevokedAt is { } revoked) return Refusals.Revoked(revoked, enrolment.RevokedSha256 == caller.Sha256);
        if (enrolment.SuspendedAt is { } suspended) return Refusals.Suspended(enrolment.Provider, suspended);
        if (DateRefusal(caller) is { } date) return date;
        return enrolment.MayRead(caller.List) ? null : Refusals.NotThisList(caller.List!, enrolment.Provider, enrolment.Lists);
    }

    private Problem? DateRefusal(Caller caller)
    {
        var (now, certificate) = (time.GetUtcNow(), caller.Certificate);
        if (now < certificate.NotBefore) return Refusals.NotYetValid(certificate.NotBefore, now);
        return now > certificate.NotAfter ? Refusals.Expired(certificate.NotAfter) : null;
    }
}
