namespace BlockList.Server.Distribution;

/// <summary>Finds out whose certificate a request comes with, before anything is decided by it.</summary>
internal sealed class IdentifyCaller(RequestDelegate next, ProviderCertificates certificates, ForwardedCertificates forwarded)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<PresentedCertificate>() is not { } presented)
        {
            // The listener lets nobody through without a certificate; whoever comes here found another way.
            context.Abort();
            return;
        }
        if (certificates.IsOfProxy(presented.Sha256))
        {
            var (shown, problem) = forwarded.Read(context.Request.Headers[ForwardedCertificates.Header]);
            if (shown is null)
            {
                await Answer.Refused(Refusals.Forwarded(problem!)).ExecuteAsync(context);
                return;
            }
            presented = shown;
        }
        Caller.Set(context, presented);
        await next(context);
    }
}
