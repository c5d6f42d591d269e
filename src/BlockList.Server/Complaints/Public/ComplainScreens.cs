using System.Globalization;
using BlockList.Server.Access;
using BlockList.Server.Complaints.Public.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// The form: each page posts its answer with the sealed draft, and gets the next question, or its own again with what was typed. Where
/// it leads is said by the button: <c>next</c>, <c>back</c>, <c>edit-STEP</c>, <c>here</c> (the same in another language), <c>send</c>.
/// </summary>
internal sealed class ComplainScreens(SealedDrafts drafts, WorkChallenge work, Tide tide, PortalLimits limits, SubmitComplaint submit, PortalContext portal, TimeProvider clock)
{
    /// <summary>Somebody looks at every complaint within this time.</summary>
    private static readonly TimeSpan LookedAtWithin = TimeSpan.FromHours(24);

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public IResult Begin() => Show(SealedDrafts.New(), Step.Party, null);

    public async Task<IResult> TakeAsync(IReadOnlyDictionary<string, string> fields, HttpContext context)
    {
        var opened = drafts.Open(fields.GetValueOrDefault(SealedDrafts.Field));
        var draft = opened ?? SealedDrafts.New();
        var at = Enum.TryParse<Step>(fields.GetValueOrDefault("at"), ignoreCase: true, out var named) && Enum.IsDefined(named) ? named : Step.Party;
        if (fields.TryGetValue(FieldOf(at), out var typed)) draft = draft.With(at, Questions.Clean(Shorten(typed), at));
        // Of a browser that shows an old page after the secret was changed; what stood on this page is kept.
        if (opened is null) return Show(draft, at, "error.draft");
        if (!limits.Posts.TryTake(RemoteAddress.Network(context)))
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(limits.Posts.Wait().TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Show(draft, at, "error.often", StatusCodes.Status429TooManyRequests);
        }
        return fields.GetValueOrDefault("go") switch
        {
            "here" => Show(draft, at, null),
            "back" => Show(draft, Questions.Before(draft, at) ?? at, null),
            ['e', 'd', 'i', 't', '-', .. var step] when Enum.TryParse<Step>(step, ignoreCase: true, out var wanted) && Enum.IsDefined(wanted) && Questions.Asks(draft, wanted) => Show(draft, wanted, null),
            "send" => await SendAsync(draft, fields.GetValueOrDefault(WorkChallenge.Field), context),
            _ => Questions.ProblemOf(draft, at, Today) is { } problem ? Show(draft, at, problem) : Go(draft.After(at)),
        };
    }

    public static string FieldOf(Step step) => step.ToString().ToLowerInvariant();

    private PageResult Go(Draft draft) => Show(draft, Questions.NextOf(draft, Today), null);

    private PageResult Show(Draft draft, Step wanted, string? problem, int status = StatusCodes.Status200OK)
    {
        // No question whose words rest on an answer that is not there.
        var open = Questions.NextOf(draft, Today);
        var step = wanted > open ? open : wanted;
        if (step != Step.Check) return PageResult.Of<QuestionPage>(new QuestionModel(draft, drafts.Seal(draft), step, problem), status);
        var working = WorkChallenge.Give(draft, tide.Bits(), clock.GetUtcNow());
        return PageResult.Of<CheckPage>(new CheckModel(working, drafts.Seal(working), work.TextOf(working), problem), status);
    }

    private async Task<IResult> SendAsync(Draft draft, string? number, HttpContext context)
    {
        // A question may have come up since, or a date gone by.
        if (Questions.NextOf(draft, Today) is var open && open != Step.Check) return Show(draft, open, Questions.ProblemOf(draft, open, Today));
        var isWorked = work.IsDone(draft, number, clock.GetUtcNow());
        if (!isWorked && Questions.EmailOf(draft) is null) return Show(draft, Step.Email, "error.email.needed");
        if (!limits.Complaints.TryTake(RemoteAddress.Network(context)))
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(limits.Complaints.Wait().TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Show(draft, Step.Check, "error.many", StatusCodes.Status429TooManyRequests);
        }
        if (!isWorked && !limits.Links.TryTake(""))
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(limits.Links.Wait().TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Show(draft, Step.Check, "error.links", StatusCodes.Status429TooManyRequests);
        }
        var outcome = await submit.RunAsync(draft, portal.Language.Code, needsMail: !isWorked, context.RequestAborted);
        if (outcome is not SubmitComplaintOutcome.Taken taken) return Show(draft, Step.Check, "error.mails");
        context.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<ReceiptPage>(new ReceiptModel(taken.Reference, taken.Secret, taken.ConfirmAt, clock.GetUtcNow() + LookedAtWithin, drafts.Seal(draft), number ?? ""));
    }

    /// <summary>Far above every limit, so that each is told by its own sentence with all of the text still there.</summary>
    private static string Shorten(string typed) => typed.Length > 20_000 ? typed[..20_000] : typed;
}
