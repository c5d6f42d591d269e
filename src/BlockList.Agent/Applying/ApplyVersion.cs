using BlockList.Agent.Configuration;
using BlockList.Agent.Content;
using BlockList.Agent.Enforcing;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Applying;

/// <summary>Puts in force what was decided: the steps of one version, in order. After a crash at any of them the next run
/// is the recovery; there is no other code for it.</summary>
internal sealed class ApplyVersion(ListSettings settings, ListState state, TimeProvider time)
{
    private readonly IResolver resolver = KnownResolvers.Of(settings);
    private readonly Receipts receipts = new(state, time);
    private readonly ReceiptText text = new(state, settings.Resolver.Type, time);

    /// <exception cref="ApplyFailedException">It is not in force; the message says what is.</exception>
    public async Task<ApplyOutcome> RunAsync(Enforcement enforcement, CancellationToken ct)
    {
        var applied = state.ReadApplied();
        if (applied is not null && IsInForce(enforcement, applied) && await IsLoadedAsync(enforcement.Version, ct))
            return new ApplyOutcome(await StillAsync(Explained(applied, enforcement), enforcement, ct), Changed: false);
        var (list, version) = (enforcement.List, enforcement.Version);

        RequireZoneDirectory();
        await resolver.RenderAsync(list, version, ct);
        // A crash here leaves the version beside the one in place; the next run writes over it.
        FaultPoint.Reach(FaultPoints.ApplyRendered);

        var rendering = resolver.ReadBack(list, version);
        FaultPoint.Reach(FaultPoints.ApplyReadBack);

        var hasPrevious = resolver.KeepPrevious(applied?.ZoneSha256) && applied!.ZoneSha256 != rendering.Sha256;
        // A crash here leaves one more copy of what is in place.
        FaultPoint.Reach(FaultPoints.ApplyPreviousKept);

        await LoadAsync(hasPrevious, ct);
        // A crash from here to the record leaves the new version in force and unrecorded: the next run loads it once more.
        FaultPoint.Reach(FaultPoints.ApplyReloaded);

        var check = await CheckAsync(enforcement, ct);
        if (check.NegativeProof is { } proof) throw await PutBackAsync(hasPrevious, proof, ApplyFailedException.Check, ct);
        FaultPoint.Reach(FaultPoints.ApplyChecked);

        var record = new AppliedRecord(
            enforcement.Of, settings.Resolver.Name, settings.Zone, settings.ZoneFile, rendering.Sha256,
            time.GetUtcNow(), check.Evidence, check.Probes, rendering.LeftOut, enforcement.Facts) { Action = settings.Action };
        receipts.Keep(text.Applied(record, enforcement.Own));
        // A crash here leaves a receipt for what is in force; the next run writes the same one again.
        FaultPoint.Reach(FaultPoints.ApplyReceiptKept);

        state.Write(record);
        FaultPoint.Reach(FaultPoints.ApplyRecorded);
        return new ApplyOutcome(record, Changed: true);
    }

    /// <summary>The version was recorded as in force, for this place and this resolver, and nobody touched the zone since.</summary>
    private bool IsInForce(Enforcement enforcement, AppliedRecord applied) =>
        applied.List.Point == enforcement.Of.Point && applied.Enforced.Sha256 == enforcement.Sha256
        && applied.ZoneFile == settings.ZoneFile && applied.Zone == settings.Zone && applied.Resolver == settings.Resolver.Name
        && applied.Action.Equals(settings.Action) && resolver.Sha256 == applied.ZoneSha256;

    /// <summary>A resolver that was started again with another configuration has lost what it was given, or has an older file.
    /// One that does not answer is doubt and no proof: what it enforces is not made better by loading it again.</summary>
    private async Task<bool> IsLoadedAsync(Serial version, CancellationToken ct) =>
        (await resolver.LoadedAsync(ct)).All(part => !part.Answered || part.Serial == version);

    /// <summary>The same entries may be in force for another reason than before: something is held now, or no longer.</summary>
    private AppliedRecord Explained(AppliedRecord applied, Enforcement enforcement)
    {
        if (applied.Enforced == enforcement.Facts) return applied;
        var explained = applied with { Enforced = enforcement.Facts };
        state.Write(explained);
        return explained;
    }

    /// <summary>Says again what is in force where that is due, after asking the resolver again: it may go by another configuration since.</summary>
    private async Task<AppliedRecord> StillAsync(AppliedRecord applied, Enforcement enforcement, CancellationToken ct)
    {
        if (!receipts.IsDue(text.Applied(applied, enforcement.Own))) return applied;
        var check = await CheckAsync(enforcement, ct);
        if (check.NegativeProof is { } proof)
            throw new ApplyFailedException($"{proof}. Version {applied.List.Version} was in force here before and nobody changed its files: look what changed at {resolver.Title}.", ApplyFailedException.Check);
        var shown = applied with { Evidence = check.Evidence, Probes = check.Probes };
        receipts.Keep(text.Applied(shown, enforcement.Own));
        state.Write(shown);
        return shown;
    }

    private void RequireZoneDirectory()
    {
        var directory = Path.GetDirectoryName(settings.ZoneFile)!;
        if (!Directory.Exists(directory))
            throw new ConfigurationException($"the directory {directory} of the zone file does not exist. Create it so that this user may write there and the resolver may read, or change \"zonefile\" in [list {settings.Id}].");
    }

    private async Task LoadAsync(bool hasPrevious, CancellationToken ct)
    {
        var answer = await TriedAsync(() => resolver.LoadAsync(ct));
        if (answer.Succeeded) return;
        if (answer.AllAdded)
            throw new ApplyFailedException($"{resolver.Title} has all that the new version lists, and what it does not list any more may still be blocked: {answer.Text}. " +
                $"The next run goes on from there. Check that \"{string.Join(' ', settings.Resolver.Control)}\" gets its answers.", ApplyFailedException.Load);
        throw await PutBackAsync(hasPrevious, $"{resolver.Title} did not load zone {settings.Zone}: {answer.Text}", ApplyFailedException.Load, ct);
    }

    /// <summary>A disk that fails in the middle is a load that failed: what was in force is put back all the same.</summary>
    private static async Task<ControlAnswer> TriedAsync(Func<Task<ControlAnswer>> load)
    {
        try
        {
            return await load();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new ControlAnswer(false, problem.Message.TrimEnd('.'));
        }
    }

    /// <summary>Of a list of test names, whose listings never end, also the name that the version removed: nobody else can have blocked it.</summary>
    private Task<ResolverCheck> CheckAsync(Enforcement enforcement, CancellationToken ct)
    {
        var removed = enforcement.Of.LeaseMonths == 0 && new Chain(state).ReadTo(enforcement.Of.Point)?.Removed is { Count: > 0 } entries ? entries.Lines[0] : null;
        return new CheckResolver(resolver, settings).RunAsync(RpzZone.Enforceable(enforcement.List), enforcement.Version, removed, ct);
    }

    /// <summary>Undoes the load. Without a version before there is nothing to undo: the new one stays, because it is whole
    /// and verified, and because Unbound does not start without its files.</summary>
    private async Task<ApplyFailedException> PutBackAsync(bool hasPrevious, string reason, string step, CancellationToken ct)
    {
        if (!hasPrevious)
        {
            resolver.Place();
            return new ApplyFailedException($"{reason}. {settings.ZoneFile} has the verified version, but nothing shows that it is in force. " +
                $"Check that {resolver.Title} runs and has what \"blocklist-agent config print {settings.Resolver.Name}\" says, then run \"blocklist-agent apply\" again.", step);
        }
        var answer = await TriedAsync(() => resolver.PutBackAsync(ct));
        var loaded = string.Join(" and ", (await resolver.LoadedAsync(ct)).Select(Told));
        return new ApplyFailedException(answer.Succeeded
            ? $"{reason}. The version before was put back; {loaded}."
            : $"{reason}. The version before was to be put back in {settings.ZoneFile}, but {resolver.Title} did not load it ({answer.Text}); {loaded}. Check that it runs, and the disk, then run \"blocklist-agent apply\" again.", step);
    }

    private string Told(LoadedPart part) =>
        !part.Answered ? $"{resolver.Title} does not say what it has loaded of {part.What}"
        : part.Serial is null ? $"{resolver.Title} has loaded no {part.What}"
        : $"{resolver.Title} has loaded serial {part.Serial} of {part.What}";
}
