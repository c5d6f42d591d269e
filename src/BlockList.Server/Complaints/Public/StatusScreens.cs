using System.Globalization;
using BlockList.Server.Access;
using BlockList.Server.Complaints.Public.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// Following a complaint. Reference and secret come with each request as fields of a form, never in an address. Buttons: <c>ask</c> for
/// a record to publish, <c>recheck</c> once it is there.
/// </summary>
internal sealed class StatusScreens(ReadComplaint read, PortalLimits limits)
{
    public const string ReferenceField = "reference";
    public const string SecretField = "secret";

    public async Task<IResult> ShowAsync(IReadOnlyDictionary<string, string> fields, HttpContext context)
    {
        var (typedReference, typedSecret) = (fields.GetValueOrDefault(ReferenceField, ""), fields.GetValueOrDefault(SecretField, ""));
        if (fields.GetValueOrDefault("go") == "form") return Form(typedReference, typedSecret, null);
        if (!limits.Posts.TryTake(RemoteAddress.Network(context))) return Often(context, typedReference, typedSecret);
        if (ComplaintSecrets.ReadReference(typedReference) is not { } reference) return Form(typedReference, typedSecret, "error.reference");
        if (ComplaintSecrets.ReadSecret(typedSecret) is not { } secret) return Form(typedReference, typedSecret, "error.secret");
        if (await read.FindAsync(reference, secret, context.RequestAborted) is not { } view) return Form(typedReference, typedSecret, "error.pair");

        var said = await ActAsync(fields.GetValueOrDefault("go"), view, context.RequestAborted);
        if (said is not null) view = await read.FindAsync(reference, secret, context.RequestAborted) ?? view;
        var entries = view.IsProven ? await read.DiscloseAsync(reference, secret, context.RequestAborted) : [];
        context.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<StatusPage>(new StatusModel(view, entries, said));
    }

    public async Task<IResult> ConfirmAsync(string reference, string token, HttpContext context)
    {
        if (!limits.Posts.TryTake(RemoteAddress.Network(context))) return PageResult.Of<ConfirmPage>(new ConfirmModel(reference, token, "often"), StatusCodes.Status429TooManyRequests);
        var isConfirmed = ComplaintSecrets.ReadReference(reference) is { } known && ComplaintSecrets.ReadSecret(token) is { } secret && await read.ConfirmAsync(known, secret, context.RequestAborted);
        return PageResult.Of<ConfirmPage>(new ConfirmModel(reference, token, isConfirmed ? "done" : "gone"));
    }

    /// <summary>Key of what is said of it; null where nothing was done.</summary>
    private async Task<string?> ActAsync(string? go, ComplaintView view, CancellationToken cancellationToken)
    {
        if (view.IsUnconfirmed || view.IsProven) return null;
        switch (go)
        {
            case "ask" when DnsChecks.ProofText.Fits(view.Domain):
                await read.AskProofAsync(view.Reference, view.Secret, cancellationToken);
                return "status.said.asked";
            case "recheck" when view.Token is not null:
                return await read.RecheckAsync(view.Reference, view.Secret, cancellationToken) ? "status.said.looking" : "status.said.soon";
            default:
                return null;
        }
    }

    private PageResult Often(HttpContext context, string reference, string secret)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(limits.Posts.Wait().TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Form(reference, secret, "error.often", StatusCodes.Status429TooManyRequests);
    }

    private static PageResult Form(string reference, string secret, string? problem, int status = StatusCodes.Status200OK) =>
        PageResult.Of<StatusFormPage>(new StatusFormModel(Shorten(reference), Shorten(secret), problem), status);

    private static string Shorten(string typed) => typed.Length > 200 ? typed[..200] : typed;
}
