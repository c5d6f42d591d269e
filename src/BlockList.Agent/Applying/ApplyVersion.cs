using BlockList.Agent.Configuration;
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

    /// <exception cref="ApplyFailedException">It is not in force; the message says what is.</exception>
    public async Task<ApplyOutcome> RunAsync(Enforcement enforcement, CancellationToken ct)
    {
        var applied = state.ReadApplied();
        if (applied is not null && IsInForce(enforcement, applied)) return new ApplyOutcome(Explained(applied, enforcement), Changed: false);
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

        var check = await CheckAsync(list, version, hasPrevious, ct);
        FaultPoint.Reach(FaultPoints.ApplyChecked);

        var record = new AppliedRecord(
            enforcement.Of, settings.Resolver.Name, settings.Zone, settings.ZoneFile, rendering.Sha256,
            time.GetUtcNow(), check.Evidence, check.Probes, rendering.LeftOut, enforcement.Facts) { Action = settings.Action };
        new Receipts(state, time).Keep(record, settings.Resolver.Type);
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

    /// <summary>The same entries may be in force for another reason than before: something is held now, or no longer.</summary>
    private AppliedRecord Explained(AppliedRecord applied, Enforcement enforcement)
    {
        if (applied.Enforced == enforcement.Facts) return applied;
        var explained = applied with { Enforced = enforcement.Facts };
        state.Write(explained);
        return explained;
    }

    private void RequireZoneDirectory()
    {
        var directory = Path.GetDirectoryName(settings.ZoneFile)!;
        if (!Directory.Exists(directory))
            throw new ConfigurationException($"the directory {directory} of the zone file does not exist. Create it so that this user may write there and the resolver may read, or change \"zonefile\" in [list {settings.Id}].");
    }

    private async Task LoadAsync(bool hasPrevious, CancellationToken ct)
    {
        var answer = await resolver.LoadAsync(ct);
        if (answer.Succeeded) return;
        throw await PutBackAsync(hasPrevious, $"{resolver.Title} did not load zone {settings.Zone}: {answer.Text}", ct);
    }

    private async Task<ResolverCheck> CheckAsync(Format.Lists.ListFile list, Serial version, bool hasPrevious, CancellationToken ct)
    {
        var check = await new CheckResolver(resolver, settings).RunAsync(RpzZone.Enforceable(list), version, ct);
        return check.NegativeProof is { } proof ? throw await PutBackAsync(hasPrevious, proof, ct) : check;
    }

    /// <summary>Undoes the load. Without a version before there is nothing to undo: the new one stays, because it is whole
    /// and verified, and because Unbound does not start without its files.</summary>
    private async Task<ApplyFailedException> PutBackAsync(bool hasPrevious, string reason, CancellationToken ct)
    {
        if (!hasPrevious)
        {
            resolver.Place();
            return new ApplyFailedException($"{reason}. {settings.ZoneFile} has the verified version, but nothing shows that it is in force. " +
                $"Check that {resolver.Title} runs and has what \"blocklist-agent config print {settings.Resolver.Name}\" says, then run \"blocklist-agent apply\" again.");
        }
        var answer = await resolver.PutBackAsync(ct);
        return new ApplyFailedException(answer.Succeeded
            ? $"{reason}. The version before was put back and is in force."
            : $"{reason}. The version before was put back in {settings.ZoneFile}, but {resolver.Title} did not load it ({answer.Text}): it keeps what it had loaded. Check that it runs.");
    }
}
