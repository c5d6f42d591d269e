using System.Globalization;
using BlockList.Server.Access;
using BlockList.Server.Complaints.Public.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// Following a complaint. Reference and secret come with each request as fields of a form, never in an address. Buttons: <c>ask</c> for
/// a record to publish, <c>recheck</c> once it is there, <c>answer</c> and <c>appeal</c> with words, <c>letter</c> for one to print.
/// </summary>
internal sealed class StatusScreens(ReadComplaint read, FollowCase follow, PortalLimits limits)
{
    public const string ReferenceField = "reference";
    public const string SecretField = "secret";
    public const string WordsField = "words";

    public async Task<IResult> ShowAsync(IReadOnlyDictionary<string, string> fields, HttpContext context)
    {
        var (typedReference, typedSecret) = (fields.GetValueOrDefault(ReferenceField, ""), fields.GetValueOrDefault(SecretField, ""));
        if (fields.GetValueOrDefault("go") == "form") return Form(typedReference, typedSecret, null);
        if (!limits.Posts.TryTake(RemoteAddress.Network(context))) return Often(context, typedReference, typedSecret);
        if (ComplaintSecrets.ReadReference(typedReference) is not { } reference) return Form(typedReference, typedSecret, "error.reference");
        if (ComplaintSecrets.ReadSecret(typedSecret) is not { } secret) return Form(typedReference, typedSecret, "error.secret");
        if (await read.FindAsync(reference, secret, context.RequestAborted) is not { } view) return Form(typedReference, typedSecret, "error.pair");

        var go = fields.GetValueOrDefault("go");
        var words = fields.GetValueOrDefault(WordsField, "").ReplaceLineEndings("\n").Trim().Replace('\0', '\uFFFD');
        var problem = go is "answer" or "appeal" ? words.Length == 0 ? "error.words.empty" : words.Length > FollowCase.LongestText ? "error.words.long" : null : null;
        var said = problem is null ? await ActAsync(go, view, words, context.RequestAborted) : null;
        if (said is not null) view = await read.FindAsync(reference, secret, context.RequestAborted) ?? view;
        var entries = view.IsProven ? await read.DiscloseAsync(reference, secret, context.RequestAborted) : [];
        context.Response.Headers.CacheControl = "no-store";
        var progress = new CaseProgress(await follow.ReadAsync(reference, secret, context.RequestAborted), await follow.AppliedAsync(reference, secret, entries, context.RequestAborted), view.IsProven);
        // What was typed and not taken, whatever the reason, is still there.
        if (problem is not null || said == "status.said.not-now") progress = progress with { Problem = problem, Typed = words, Form = go };
        var model = new StatusModel(view, entries, progress, said);
        return go == "letter" && entries.Any(entry => entry.RemovedSerial is not null) ? PageResult.Of<CorrectionPage>(model) : PageResult.Of<StatusPage>(model);
    }

    public async Task<IResult> ConfirmAsync(string reference, string token, HttpContext context)
    {
        if (!limits.Posts.TryTake(RemoteAddress.Network(context))) return PageResult.Of<ConfirmPage>(new ConfirmModel(reference, token, "often"), StatusCodes.Status429TooManyRequests);
        var isConfirmed = ComplaintSecrets.ReadReference(reference) is { } known && ComplaintSecrets.ReadSecret(token) is { } secret && await read.ConfirmAsync(known, secret, context.RequestAborted);
        return PageResult.Of<ConfirmPage>(new ConfirmModel(reference, token, isConfirmed ? "done" : "gone"));
    }

    /// <summary>Key of what is said of it; null where nothing was done.</summary>
    private async Task<string?> ActAsync(string? go, ComplaintView view, string words, CancellationToken cancellationToken)
    {
        if (view.IsUnconfirmed) return null;
        if (go == "answer") return await follow.AnswerAsync(view.Reference, view.Secret, words, cancellationToken) == FollowCase.Taken ? "status.said.answered" : "status.said.not-now";
        if (go == "appeal") return await follow.AppealAsync(view.Reference, view.Secret, words, cancellationToken) == FollowCase.Taken ? "status.said.appealed" : "status.said.not-now";
        if (view.IsProven) return null;
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
