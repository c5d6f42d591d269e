using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Curation.Work;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>An entry on all its lists, and the steps that people take on it.</summary>
internal static class EntryPages
{
    public static async Task<IResult> ShowAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, string? done, CancellationToken cancellationToken) =>
        await screen.ShowAsync(page.Reader, handle, FormValues.Empty, null, [], null, DoneTexts.Of(done), cancellationToken);

    /// <summary>A step's form as it was left when a session ended.</summary>
    public static async Task<IResult> ShowStepAsync(HttpContext context, Guid handle, string step, PageContext page, KeptForms kept, EntryScreen screen, CancellationToken cancellationToken) =>
        await screen.ShowAsync(page.Reader, handle, new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken)), step, [], null, null, cancellationToken);

    public static async Task<IResult> ClaimAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, TakeClaim claim, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        if (await claim.RunAsync(values["list"], handle, page.Reader, cancellationToken) is { } problem) return await screen.ShowAsync(page.Reader, handle, values, "claim", [], problem, null, cancellationToken);
        return Results.Redirect(values["then"] == "assess" ? $"/entries/{handle}/assess?list={Uri.EscapeDataString(values["list"])}" : $"/entries/{handle}?done=claimed");
    }

    public static async Task<IResult> ReleaseAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, ReleaseClaim release, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        return await release.RunAsync(values["list"], handle, page.Reader, cancellationToken) is { } problem
            ? await screen.ShowAsync(page.Reader, handle, values, "claim", [], problem, null, cancellationToken)
            : Results.Redirect(values["then"] == "queue" ? "/queue?done=released" : $"/entries/{handle}?done=released");
    }

    public static async Task<IResult> HandOverAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, HandOverClaim handOver, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        return await handOver.RunAsync(values["list"], handle, values["colleague"], page.Reader, cancellationToken) is { } problem
            ? await screen.ShowAsync(page.Reader, handle, values, "claim", [], problem, null, cancellationToken)
            : Results.Redirect($"/entries/{handle}?done=handed-over");
    }

    public static async Task<IResult> ConflictAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, DeclareConflict declare, ReadColleagues colleagues, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        return await declare.RunAsync(values["list"], handle, page.Reader, cancellationToken) is { } problem
            ? await screen.ShowAsync(page.Reader, handle, values, "claim", [], problem, null, cancellationToken)
            : Results.Redirect((await colleagues.RunAsync(page.Reader, cancellationToken)).Count > 0 ? "/queue?done=conflict" : "/queue?done=conflict-alone");
    }

    public static async Task<IResult> ReferAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, AddReference add, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        var errors = new List<FieldError>();
        var (type, number) = JudgementFields.ReadReference(values[JudgementFields.ReferenceTypeField], values[JudgementFields.ReferenceNumberField].Trim(), errors);
        if (number is null && errors.Count == 0) errors.Add(new FieldError(JudgementFields.ReferenceNumberField, "Type the number of the reference."));
        if (errors.Count > 0) return await screen.ShowAsync(page.Reader, handle, values, "reference", errors, null, null, cancellationToken);
        return await add.RunAsync(values["list"], handle, type!, number!, page.Reader, cancellationToken) is { } problem
            ? await screen.ShowAsync(page.Reader, handle, values, "reference", [], problem, null, cancellationToken)
            : Results.Redirect($"/entries/{handle}?done=referenced");
    }

    public static async Task<IResult> NotifyAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, AddNotification add, TimeProvider clock, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        var errors = new List<FieldError>();
        var (kind, country, number) = (values["kind"], values["country"].Trim().ToUpperInvariant(), values["number"].Trim());
        if (!EntryPage.NotificationKinds.Any(k => k.Kind == kind)) errors.Add(new FieldError("kind", "Choose who was told."));
        if (kind == "iccam") country = "";
        else if (country.Length != 2 || country.AsSpan().ContainsAnyExceptInRange('A', 'Z')) errors.Add(new FieldError("country", "Write the two letters of the country whose bureau or hotline was told, such as NL."));
        if (number.Length > 0 && !Reference.IsNumber(number)) errors.Add(new FieldError("number", "This is no reference number: use letters, digits, dots, slashes and hyphens, at most 64."));
        var sentAt = JudgementFields.ReadTime("sent-at", values["sent-at"].Trim(), "Say when they were told, in UTC.", clock.GetUtcNow(), errors);
        if (errors.Count > 0) return await screen.ShowAsync(page.Reader, handle, values, "notification", errors, null, null, cancellationToken);
        return await add.RunAsync(values["list"], handle, kind, country.Length == 0 ? null : country, number.Length == 0 ? null : number, sentAt!.Value, page.Reader, cancellationToken) is { } problem
            ? await screen.ShowAsync(page.Reader, handle, values, "notification", [], problem, null, cancellationToken)
            : Results.Redirect($"/entries/{handle}?done=told");
    }

    public static async Task<IResult> SightAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, TimeProvider clock, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(context, cancellationToken);
        var errors = new List<FieldError>();
        var at = JudgementFields.ReadSighting(values[JudgementFields.SightedAtField].Trim(), isNeeded: true, clock.GetUtcNow(), errors);
        return errors.Count > 0 ? await screen.ShowAsync(page.Reader, handle, values, "sighting", errors, null, null, cancellationToken)
            : await screen.DecideAsync(page.Reader, handle, values, "sighting", DecisionKind.Sighting, at, null, "sighted", cancellationToken);
    }

    public static async Task<IResult> WithdrawAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, CancellationToken cancellationToken) =>
        await EndAsync(await ReadAsync(context, cancellationToken), handle, page.Reader, screen, "withdraw", DecisionKind.Withdrawal, "withdrawn", cancellationToken);

    public static async Task<IResult> RemoveAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, CancellationToken cancellationToken) =>
        await EndAsync(await ReadAsync(context, cancellationToken), handle, page.Reader, screen, "remove", DecisionKind.Removal, "removed", cancellationToken);

    public static async Task<IResult> OverrideAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, CancellationToken cancellationToken) =>
        await AnswerGuardAsync(await ReadAsync(context, cancellationToken), handle, page.Reader, screen, "override", DecisionKind.Override, "overridden", cancellationToken);

    public static async Task<IResult> EnforceAsync(HttpContext context, Guid handle, PageContext page, EntryScreen screen, CancellationToken cancellationToken) =>
        await AnswerGuardAsync(await ReadAsync(context, cancellationToken), handle, page.Reader, screen, "enforce", DecisionKind.Enforcement, "enforced", cancellationToken);

    /// <summary>Of the box before a rule of the never-block guard.</summary>
    public static string RuleField(string rule) => "rule-" + rule;

    private static async Task<IResult> AnswerGuardAsync(FormValues values, Guid handle, Viewer person, EntryScreen screen, string step, DecisionKind kind, string done, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        var rules = GuardRules.All.Where(rule => values[RuleField(rule)].Length > 0).ToArray();
        if (rules.Length == 0) errors.Add(new FieldError("rules", "Choose which rule of the never-block guard you mean."));
        var note = JudgementFields.ReadNote(values[JudgementFields.NoteField], errors);
        if (note is null && values[JudgementFields.NoteField].Trim().Length == 0) errors.Add(new FieldError(JudgementFields.NoteField, "Give the reason: it stands beside the decision, and the next person has nothing else to go by."));
        return errors.Count > 0 ? await screen.ShowAsync(person, handle, values, step, [.. errors.Select(e => e with { Field = $"{step}-{e.Field}" })], null, null, cancellationToken)
            : await screen.AnswerGuardAsync(person, handle, values, step, kind, rules, note!, done, cancellationToken);
    }

    private static async Task<IResult> EndAsync(FormValues values, Guid handle, Viewer person, EntryScreen screen, string step, DecisionKind kind, string done, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        var note = JudgementFields.ReadNote(values[JudgementFields.NoteField], errors);
        if (note is null && errors.Count == 0) errors.Add(new FieldError(JudgementFields.NoteField, "Give the reason: the other agencies read it."));
        return errors.Count > 0 ? await screen.ShowAsync(person, handle, values, step, [.. errors.Select(e => e with { Field = $"{step}-{e.Field}" })], null, null, cancellationToken)
            : await screen.DecideAsync(person, handle, values, step, kind, null, note, done, cancellationToken);
    }

    private static async Task<FormValues> ReadAsync(HttpContext context, CancellationToken cancellationToken) => new(KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken)));
}
