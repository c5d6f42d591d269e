using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.DnsChecks;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation.Hosts;

/// <summary>An agency's own hosts for one person: asked for, looked for, entered in the never-block register.</summary>
internal sealed class HostScreens(IDbContextFactory<BlockListDb> contexts, AskProof ask, RecheckProof recheck, ReadProofs read, ChangeRegister change, PublicSuffixes suffixes, TimeProvider clock)
{
    public const string NameField = "name";
    public const string ReasonField = "reason";

    private const int OnAPage = 25;

    public async Task<IResult> ShowAsync(Viewer person, Guid? before, string typed, string reason, Guid? enterId, IReadOnlyList<FieldError> errors, string? problem, string? done, CancellationToken cancellationToken)
    {
        var found = await read.OfOwnerAsync(ProofOwner.Agency(person.Agency!), before, OnAPage + 1, cancellationToken);
        var shown = found.Take(OnAPage).ToArray();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var names = shown.Select(p => p.Proof.Domain).ToArray();
        var rows = await db.RegisterDecisions.AsNoTracking()
            .Where(d => d.Action == "add" && d.Source == "proven" && names.Contains(d.Name!) && !db.RegisterDecisions.Any(r => r.Retires == d.Id))
            .Select(d => new { d.Id, d.Name }).ToDictionaryAsync(d => d.Name!, d => d.Id, StringComparer.Ordinal, cancellationToken);
        var proofs = shown.Select(p => new HostProof(p, rows.TryGetValue(p.Proof.Domain, out var row) ? row : null)).ToArray();
        return PageResult.Of<HostsPage>(new HostsModel(proofs, typed, reason, enterId, errors, problem, done, found.Count > OnAPage ? shown[^1].Proof.Id : null, clock.GetUtcNow()),
            errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public async Task<IResult> AskAsync(Viewer person, string typed, CancellationToken cancellationToken)
    {
        if (PastedAddress.Reduce(typed).Host is not { Length: > 0 } host) return await WrongAsync("Type the name of your host.");
        if (!DomainName.TryParse(host, out var name, out var problem)) return await WrongAsync($"{problem.Message} {problem.Fix}");
        if (suffixes.Locate(name.Ascii).Registrable < 0) return await WrongAsync($"{name.Ascii} is a public suffix: what stands below it is not one owner's. Nobody can list it anyway.");
        return await ask.RunAsync(name, ProofOwner.Agency(person.Agency!), person.Person, cancellationToken) switch
        {
            AskProofOutcome.Publish => Results.Redirect("/hosts?done=asked"),
            AskProofOutcome.AlreadyProven => Results.Redirect("/hosts?done=proven"),
            AskProofOutcome.TooManyOpen many => await WrongAsync($"Your agency has {many.Most} open proofs. Publish some of their records first, or wait until they end."),
            AskProofOutcome.NameTooLong => await WrongAsync("No record fits below a name of this length. Prove the name above it: everything below is protected with it."),
            var other => throw new InvalidOperationException(other.ToString()),
        };

        Task<IResult> WrongAsync(string message) => ShowAsync(person, null, typed, "", null, [new FieldError(NameField, message)], null, null, cancellationToken);
    }

    public async Task<IResult> RecheckAsync(Viewer person, Guid id, CancellationToken cancellationToken)
    {
        if (await FindOwnAsync(person, id, cancellationToken) is null) return await GoneAsync(person, cancellationToken);
        return await recheck.RunAsync(id, person.Person, cancellationToken) switch
        {
            RecheckProofOutcome.Due => Results.Redirect("/hosts?done=looking"),
            RecheckProofOutcome.Proven => Results.Redirect("/hosts?done=proven"),
            RecheckProofOutcome.TooSoon => await ShowAsync(person, null, "", "", null, [], "The last look was less than 20 seconds ago. Wait a moment, then ask again; it is looked for by itself too.", null, cancellationToken),
            RecheckProofOutcome.Expired => await ShowAsync(person, null, "", "", null, [], "This proof has ended. Ask for the host again: you get a new text to publish.", null, cancellationToken),
            _ => await GoneAsync(person, cancellationToken),
        };
    }

    /// <summary>Puts a proven host into the never-block register, as release officer.</summary>
    public async Task<IResult> EnterAsync(Viewer person, Guid id, string reason, CancellationToken cancellationToken)
    {
        if (await FindOwnAsync(person, id, cancellationToken) is not { } view || !DomainName.TryParseCanonical(view.Proof.Domain, out var name)) return await GoneAsync(person, cancellationToken);
        return await change.AddAsync(person, name, RegisterSource.Proven, id, reason, cancellationToken) switch
        {
            RegisterOutcome.Done => Results.Redirect("/hosts?done=entered"),
            RegisterOutcome.Refused { Problem: { Code: "no-reason" } missing } => await ShowAsync(person, null, "", reason, id, [new FieldError(FieldOf(id), missing.Fix)], null, null, cancellationToken),
            RegisterOutcome.Refused refused => await ShowAsync(person, null, "", reason, id, [], $"{refused.Problem.Message} {refused.Problem.Fix}", null, cancellationToken),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    /// <summary>Of the reason field of one proof: several stand on the page.</summary>
    public static string FieldOf(Guid proof) => $"{ReasonField}-{proof:N}";

    private async Task<ProofView?> FindOwnAsync(Viewer person, Guid id, CancellationToken cancellationToken) =>
        await read.FindAsync(id, cancellationToken) is { } view && view.Proof.OwnerKind == "agency" && view.Proof.Owner == person.Agency ? view : null;

    private Task<IResult> GoneAsync(Viewer person, CancellationToken cancellationToken) =>
        ShowAsync(person, null, "", "", null, [], "Your agency has no such proof. Nothing was changed.", null, cancellationToken);
}
