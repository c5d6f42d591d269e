using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.DnsChecks;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Providers.Hosts;

/// <summary>The hosts of an agency, or of providers, for one person: asked for, looked for, entered in the never-block register.
/// People of an agency see their own; a provider manager those of all providers; a release officer enters either.</summary>
internal sealed class HostScreens(IDbContextFactory<BlockListDb> contexts, AskProof ask, RecheckProof recheck, ReadProofs read, ChangeRegister change, PublicSuffixes suffixes, TimeProvider clock)
{
    public const string NameField = "name";
    public const string ProviderField = "provider";
    public const string ReasonField = "reason";

    private const int OnAPage = 25;
    private const int MostWaiting = 500;

    public async Task<IResult> ShowAsync(Viewer person, Guid? before, TypedHost typed, IReadOnlyList<FieldError> errors, string? problem, string? done, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var found = person.Agency is { } agency
            ? await read.OfOwnerAsync(ProofOwner.Agency(agency), before, OnAPage + 1, cancellationToken)
            : await read.OfProvidersAsync(before, OnAPage + 1, cancellationToken);
        var waiting = person.Is(RoleNames.ReleaseOfficer) ? await read.ProvenByProvidersAsync(now - AskProof.HoldsFor, MostWaiting, cancellationToken) : [];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var proofs = waiting.Select(w => w.Proof.Id).ToArray();
        var entered = await db.RegisterDecisions.AsNoTracking().Where(d => d.Proof != null && proofs.Contains(d.Proof.Value)).Select(d => d.Proof!.Value).ToListAsync(cancellationToken);
        var shown = found.Take(OnAPage).ToArray();
        var names = shown.Select(p => p.Proof.Domain).ToArray();
        var rows = await db.RegisterDecisions.AsNoTracking()
            .Where(d => d.Action == "add" && d.Source == "proven" && names.Contains(d.Name!) && !db.RegisterDecisions.Any(r => r.Retires == d.Id))
            .Select(d => new { d.Id, d.Name }).ToDictionaryAsync(d => d.Name!, d => d.Id, StringComparer.Ordinal, cancellationToken);
        var providers = await db.Providers.AsNoTracking().OrderBy(p => p.Name).Select(p => new { p.Id, p.Name }).ToListAsync(cancellationToken);
        var nameOf = providers.ToDictionary(p => p.Id.ToString(), p => p.Name, StringComparer.Ordinal);
        return PageResult.Of<HostsPage>(new HostsModel([.. shown.Select(Prepare)], [.. waiting.Where(w => !entered.Contains(w.Proof.Id)).Take(OnAPage).Select(Prepare)], person.Agency is null ? [.. providers.Select(p => (p.Id.ToString(), p.Name))] : null,
                typed, errors, problem, done, found.Count > OnAPage ? shown[^1].Proof.Id : null, now),
            errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

        HostProof Prepare(ProofView view) => new(view, rows.TryGetValue(view.Proof.Domain, out var row) ? row : null,
            view.Proof.OwnerKind == ProofOwner.OfProvider ? nameOf.GetValueOrDefault(view.Proof.Owner, "a provider that is gone") : null);
    }

    public async Task<IResult> AskAsync(Viewer person, TypedHost typed, CancellationToken cancellationToken)
    {
        if (PastedAddress.Reduce(typed.Name).Host is not { Length: > 0 } host) return await WrongAsync("Type the name of the host.");
        if (!DomainName.TryParse(host, out var name, out var problem)) return await WrongAsync($"{problem.Message} {problem.Fix}");
        if (suffixes.Locate(name.Ascii).Registrable < 0) return await WrongAsync($"{name.Ascii} is a public suffix: what stands below it is not one owner's. Nobody can list it anyway.");
        if (await OwnerAsync(person, typed.Provider, cancellationToken) is not { } owner)
            return await ShowAsync(person, null, typed, [new FieldError(ProviderField, "Choose the provider that is to publish the record.")], null, null, cancellationToken);
        return await ask.RunAsync(name, owner, person.Person, cancellationToken) switch
        {
            AskProofOutcome.Publish => Results.Redirect("/hosts?done=asked"),
            AskProofOutcome.AlreadyProven => Results.Redirect("/hosts?done=proven"),
            AskProofOutcome.TooManyOpen many => await WrongAsync($"There are {many.Most} open proofs already. Publish some of their records first, or wait until they end."),
            AskProofOutcome.NameTooLong => await WrongAsync("No record fits below a name of this length. Prove the name above it: everything below is protected with it."),
            var other => throw new InvalidOperationException(other.ToString()),
        };

        Task<IResult> WrongAsync(string message) => ShowAsync(person, null, typed, [new FieldError(NameField, message)], null, null, cancellationToken);
    }

    public async Task<IResult> RecheckAsync(Viewer person, Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(person, id, cancellationToken) is not { } view || !IsOf(person, view.Proof)) return await GoneAsync(person, cancellationToken);
        return await recheck.RunAsync(id, person.Person, cancellationToken) switch
        {
            RecheckProofOutcome.Due => Results.Redirect("/hosts?done=looking"),
            RecheckProofOutcome.Proven => Results.Redirect("/hosts?done=proven"),
            RecheckProofOutcome.TooSoon => await ShowAsync(person, null, new TypedHost(), [], "The last look was less than 20 seconds ago. Wait a moment, then ask again; it is looked for by itself too.", null, cancellationToken),
            RecheckProofOutcome.Expired => await ShowAsync(person, null, new TypedHost(), [], "This proof has ended. Ask for the host again: you get a new text to publish.", null, cancellationToken),
            _ => await GoneAsync(person, cancellationToken),
        };
    }

    /// <summary>Puts a proven host into the never-block register, as release officer.</summary>
    public async Task<IResult> EnterAsync(Viewer person, Guid id, string reason, CancellationToken cancellationToken)
    {
        if (await FindAsync(person, id, cancellationToken) is not { } view || !DomainName.TryParseCanonical(view.Proof.Domain, out var name)) return await GoneAsync(person, cancellationToken);
        var typed = new TypedHost(Reason: reason, Proof: id);
        return await change.AddAsync(person, name, RegisterSource.Proven, id, reason, cancellationToken) switch
        {
            RegisterOutcome.Done => Results.Redirect("/hosts?done=entered"),
            RegisterOutcome.Refused { Problem: { Code: "no-reason" } missing } => await ShowAsync(person, null, typed, [new FieldError(FieldOf(id), missing.Fix)], null, null, cancellationToken),
            RegisterOutcome.Refused refused => await ShowAsync(person, null, typed, [], $"{refused.Problem.Message} {refused.Problem.Fix}", null, cancellationToken),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    /// <summary>Of the reason field of one proof: several stand on the page.</summary>
    public static string FieldOf(Guid proof) => $"{ReasonField}-{proof:N}";

    /// <summary>The person's agency; for a provider manager, the provider they chose.</summary>
    private async Task<ProofOwner?> OwnerAsync(Viewer person, string provider, CancellationToken cancellationToken)
    {
        if (person.Agency is { } agency) return ProofOwner.Agency(agency);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Guid.TryParse(provider, out var id) && await db.Providers.AnyAsync(p => p.Id == id, cancellationToken) ? ProofOwner.Provider(id) : null;
    }

    private static bool IsOf(Viewer person, Proof proof) =>
        person.Agency is { } agency ? proof.OwnerKind == ProofOwner.OfAgency && proof.Owner == agency : proof.OwnerKind == ProofOwner.OfProvider;

    /// <summary>One that this person may see: a release officer sees what providers proved too.</summary>
    private async Task<ProofView?> FindAsync(Viewer person, Guid id, CancellationToken cancellationToken) =>
        await read.FindAsync(id, cancellationToken) is { } view && (IsOf(person, view.Proof) || (person.Is(RoleNames.ReleaseOfficer) && view.Proof is { OwnerKind: ProofOwner.OfProvider, ProvenAt: not null })) ? view : null;

    private Task<IResult> GoneAsync(Viewer person, CancellationToken cancellationToken) =>
        ShowAsync(person, null, new TypedHost(), [], "You have no such proof here. Nothing was changed.", null, cancellationToken);
}
