using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Curation.Pages;

/// <summary>The entry page for one person: what they see of it, what they may do, and a form that came back.</summary>
internal sealed class EntryScreen(ReadCriteria criteria, ReadEntry entries, CountQueues count, ReadColleagues colleagues, CurrentGuard guards, PrepareDecisions prepare, SignAndSubmit sign, TimeProvider clock)
{
    /// <param name="person">Who looks.</param>
    /// <param name="handle">Of the entry.</param>
    /// <param name="values">Of the form that came back.</param>
    /// <param name="failed">Which form that was.</param>
    /// <param name="errors">By field, without the list.</param>
    /// <param name="problem">Why it came back, where no field is to blame.</param>
    /// <param name="done">What the step before did.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<IResult> ShowAsync(Viewer person, Guid handle, FormValues values, string? failed, IReadOnlyList<FieldError> errors, string? problem, string? done, CancellationToken cancellationToken)
    {
        var lists = await criteria.ListsForAsync(person, cancellationToken);
        if (await entries.RunAsync(person, handle, lists, cancellationToken) is not { } entry)
            return PageResult.Of<RefusedPage>(new RefusedModel("There is no such entry", "The address is of no entry, or of one that your agency has no part in. Search for the name.", "/entries", "Search"), StatusCodes.Status404NotFound);
        var others = await colleagues.RunAsync(person, cancellationToken);
        var listed = PrepareDecisions.NameOf(entry.Name, PrepareDecisions.PrintScope(entry.Scope));
        var verdict = (await guards.ReadAsync(cancellationToken)).Check(listed.Name, listed.Scope);
        var panels = new List<EntryPanel>();
        foreach (var episodes in entry.Episodes.GroupBy(e => e.List).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var inForce = await criteria.OfListAsync(episodes.Key, cancellationToken);
            panels.Add(Panel(person, entry, [.. episodes], inForce, lists.Contains(episodes.Key), others, verdict));
        }
        var model = new EntryModel(handle, entry.Name, entry.Scope, panels, entry.HasConflict, FormIds.Of(values), clock.GetUtcNow(), values,
            [.. errors.Select(e => e with { Field = $"{e.Field}-{values["list"]}" })], done, problem, failed, await count.ForNavigationAsync(person, cancellationToken));
        return PageResult.Of<EntryPage>(model, errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    /// <summary>Signs and submits one decision on the entry, or shows its form again.</summary>
    public async Task<IResult> DecideAsync(Viewer person, Guid handle, FormValues values, string step, DecisionKind kind, DateTimeOffset? sightedAt, string? note, string done, CancellationToken cancellationToken)
    {
        return await SignAsync(person, handle, values, step, credential => prepare.ForEntryAsync(kind, values["list"], handle, sightedAt, note, credential, cancellationToken), done, cancellationToken);
    }

    /// <summary>Signs and submits what a release officer says to the never-block guard, or shows the form again.</summary>
    public Task<IResult> AnswerGuardAsync(Viewer person, Guid handle, FormValues values, string step, DecisionKind kind, IReadOnlyCollection<string> rules, string reason, string done, CancellationToken cancellationToken) =>
        SignAsync(person, handle, values, step, credential => prepare.ForGuardAsync(kind, values["list"], handle, rules, reason, credential, cancellationToken), done, cancellationToken);

    private async Task<IResult> SignAsync(Viewer person, Guid handle, FormValues values, string step, Func<string, Task<IReadOnlyList<PreparedDecision>>> prepared, string done, CancellationToken cancellationToken)
    {
        var outcome = await sign.RunAsync(person, FormIds.Of(values), null, prepared, cancellationToken);
        return outcome is FormOutcome.Refused refused
            ? await ShowAsync(person, handle, values, step, [], refused.Reason, null, cancellationToken)
            : Results.Redirect($"/entries/{handle}?done={DoneTexts.WordOf(outcome, done)}");
    }

    private static EntryPanel Panel(Viewer person, EntryView entry, EpisodeView[] episodes, CriteriaInForce criteria, bool isOwnList, IReadOnlyList<ColleagueRow> colleagues, GuardVerdict verdict)
    {
        var current = episodes[0];
        var seen = current as EpisodeView.Seen;
        var earlier = episodes.Skip(current.IsOpen ? 1 : 0).OfType<EpisodeView.Seen>().Select(e => new EpisodeRow(e.State, e.OpenedAt, e.ClosedAt ?? e.OpenedAt, e.Timeline)).ToArray();
        return new EntryPanel(current.List, current.State, current.Details.PublishedSince, current.IsOpen, seen is null, current.IsOverdue, seen?.NewestSighting, seen?.LapsesAt, seen?.MetAgencies, seen?.MetCountries,
            criteria.AgenciesNeeded, criteria.CountriesNeeded, current.References, seen?.Notifications ?? [], current.Details.Claim, colleagues, current.IsOpen ? seen?.Timeline ?? [] : [], earlier,
            Actions(person, entry, current, seen, isOwnList), Guard(current, seen, verdict)) { LeftOut = current.IsOpen && current.Details.LeftOut is { Providers: > 0 } left ? left : null };
    }

    /// <summary>What a run found, else what is true of the name alone. Who sees the decisions sees there that the register was overridden.</summary>
    private static GuardPanel Guard(EpisodeView current, EpisodeView.Seen? seen, GuardVerdict verdict)
    {
        var isOfName = current.IsOpen && current.Guard.Count == 0 && verdict is not GuardVerdict.Warn && seen?.Timeline.Any(row => row.Rule is not null) != true;
        return new GuardPanel(current.Guard, isOfName ? verdict.Objection ?? verdict.Caution : null, seen is not null);
    }

    private static EntryActions Actions(Viewer person, EntryView entry, EpisodeView current, EpisodeView.Seen? seen, bool isOwnList)
    {
        var curates = current.IsOpen && isOwnList && person.Agency is not null && person.Is(RoleNames.Curator);
        var releases = current.IsOpen && isOwnList && person.Is(RoleNames.ReleaseOfficer);
        var hasVoted = seen?.Timeline.Any(row => row.IsOf(person)) == true;
        var answers = releases && !hasVoted && !entry.HasConflict ? current.Guard : [];
        return new EntryActions(curates && !entry.HasConflict && !current.HasOverridden && current.Details.Claim is not { IsMine: false }, seen is { OwnVoteStands: true }, curates, curates && seen is { OwnVoteStands: true } && !entry.HasConflict,
            releases && !hasVoted, curates, releases && hasVoted ? "You decided on this entry yourself, so another release officer has to remove it, or to answer the never-block guard." : null,
            [.. answers.Where(h => h.CanBeOverridden).Select(h => h.Rule)], [.. answers.Where(h => h.CanBeEnforced).Select(h => h.Rule)]);
    }
}
