using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>Proposing a name, with the verdict on it while it is typed.</summary>
internal static class ProposePages
{
    public static async Task<IResult> ShowAsync(HttpContext context, PageContext page, KeptForms kept, ProposeForm form, string? list, string? done, CancellationToken cancellationToken)
    {
        var values = new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken));
        return await form.ShowAsync(page.Reader, values.Find("list") ?? list, values, [], null, DoneTexts.Of(done), cancellationToken);
    }

    public static async Task<IResult> VerdictAsync(PageContext page, CheckName check, string? name, string? scope, string? list, CancellationToken cancellationToken) =>
        PageResult.Of<VerdictFragment>(new ShownVerdict(await check.RunAsync(name, ProposeForm.ReadScope(scope), list ?? "", page.Reader, cancellationToken)));

    public static async Task<IResult> SubmitAsync(HttpContext context, PageContext page, ProposeForm form, CancellationToken cancellationToken) =>
        await form.SubmitAsync(page.Reader, new FormValues(KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken))), cancellationToken);
}

/// <summary>The form of a proposal: shown, shown again with what is wrong, carried out.</summary>
internal sealed class ProposeForm(ReadCriteria criteria, CheckName check, CountQueues count, PrepareDecisions prepare, SignAndSubmit sign, TimeProvider clock)
{
    public static Scope ReadScope(string? scope) => scope == "host" ? Scope.Host : Scope.Domain;

    public async Task<IResult> ShowAsync(Viewer person, string? list, FormValues values, IReadOnlyList<FieldError> errors, string? problem, string? done, CancellationToken cancellationToken)
    {
        var lists = await criteria.ListsForAsync(person, cancellationToken);
        if (lists.Count == 0) return PageResult.Of<RefusedPage>(new RefusedModel("There is no list that your agency can propose for", "Lists stand in the signed register. Ask the operator whether the register was loaded."), StatusCodes.Status409Conflict);
        var chosen = lists.Contains(list ?? "") ? list! : lists[0];
        var shown = await criteria.OfListAsync(chosen, cancellationToken);
        var verdict = await check.RunAsync(values.Find("name"), ReadScope(values["scope"]), chosen, person, cancellationToken);
        var model = new ProposeModel(chosen, lists, shown.Version, shown.Decided, shown.LeaseMonths, verdict, FormIds.Of(values), clock.GetUtcNow(), values, errors, problem, done, await count.ForNavigationAsync(person, cancellationToken));
        return PageResult.Of<ProposePage>(model, errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public async Task<IResult> SubmitAsync(Viewer person, FormValues values, CancellationToken cancellationToken)
    {
        var list = values["list"];
        if (!(await criteria.ListsForAsync(person, cancellationToken)).Contains(list)) return await ShowAsync(person, null, values, [], "Your agency does not propose for this list.", null, cancellationToken);
        var shown = await criteria.OfListAsync(list, cancellationToken);
        var errors = new List<FieldError>();
        var verdict = await check.RunAsync(values["name"], ReadScope(values["scope"]), list, person, cancellationToken);
        if (verdict?.Name is null || verdict.Problem is not null) errors.Add(new FieldError("name", verdict is null ? "Type the domain name." : $"{verdict.Problem} {verdict.Fix}"));
        var judgement = JudgementFields.Read(values, shown.Decided, needsSighting: true, clock.GetUtcNow(), errors);
        if (errors.Count > 0) return await ShowAsync(person, list, values, errors, null, null, cancellationToken);
        var request = new ProposalRequest(list, verdict!.Name!.Value.Name.Ascii, verdict.Name.Value.Scope, judgement.ToJudgement(shown.Sha256), judgement.SightedAt!.Value);
        var outcome = await sign.RunAsync(person, FormIds.Of(values), null, credential => prepare.ForProposalAsync(request, credential, cancellationToken), cancellationToken);
        return outcome switch
        {
            FormOutcome.Decided => Results.Redirect($"/propose?list={Uri.EscapeDataString(list)}&done={DoneTexts.WordOf(outcome, verdict.Caution?.Code == "needs-override" ? "proposed-held" : "proposed")}"),
            FormOutcome.Refused refused => await ShowAsync(person, list, values, [], refused.Reason, null, cancellationToken),
            _ => throw new InvalidOperationException("an outcome nobody knows"),
        };
    }
}
