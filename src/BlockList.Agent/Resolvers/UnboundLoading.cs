using BlockList.Agent.Configuration;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// Takes a running Unbound from what lies in place to what lies beside it. Names are added before any is taken away, and
/// a name that moves between local zones and response policy zone is for a moment in both. The include file in place
/// always has all that Unbound may have, so that a run that dies leaves nothing that a later one cannot take away.
/// </summary>
internal sealed class UnboundLoading(ListSettings settings, PolicyZoneFile zone, LocalZonesFile localZones, LocalZonesMarker marker, UnboundControl unbound)
{
    public async Task<ControlAnswer> RunAsync(CancellationToken ct)
    {
        var placed = localZones.ReadPlaced();
        var next = localZones.ReadNext();
        if (placed.Names.Count == 0 && next.Names.Count == 0)
        {
            localZones.File.Swap();
            return await LoadZoneAsync(ct);
        }

        var added = await IsLoadedAsync(placed, ct) && placed.Action.Equals(next.Action) ? next.Names.Except(placed.Names) : next.Names;
        var removed = placed.Names.Except(next.Names);
        var answer = await FirstFailureAsync(
            () => BeginAsync(ct),
            () => WidenIncludeAsync(placed, next, removed),
            () => AddAsync(next, added, ct),
            () => LoadZoneAsync(ct),
            () => RequireZoneAsync(ct));
        if (!answer.Succeeded) return answer;
        return (await FirstFailureAsync(
            () => RemoveAsync(removed, ct),
            NarrowInclude,
            () => RemoveOnceMoreAsync(removed, ct),
            () => TellVersionAsync(next, ct))) with { AllAdded = true };
    }

    /// <summary>Whether Unbound has exactly what lies in place. Where it is not known, everything is added once more, which
    /// changes nothing for a name that is there.</summary>
    private async Task<bool> IsLoadedAsync(LocalZones placed, CancellationToken ct) =>
        placed.Version is not null && (await marker.LoadedAsync(settings.Resolver.Address, ct)).Version == placed.Version;

    private Task<ControlAnswer> BeginAsync(CancellationToken ct) => FirstFailureAsync(
        () => unbound.RemoveLocalDataAsync([marker.Version], ct),
        () => unbound.AddLocalDataAsync([marker.LoadingRecord], ct));

    private Task<ControlAnswer> WidenIncludeAsync(LocalZones placed, LocalZones next, ListFile removed)
    {
        if (removed.Count == 0) localZones.File.Swap();
        else localZones.Place(new LocalZones(null, placed.Names.Union(next.Names), next.Names.Count > 0 ? next.Action : placed.Action));
        // A crash from here on leaves Unbound without a version, so that the next run adds everything once more. A restart
        // loads the names of both versions.
        FaultPoint.Reach(FaultPoints.ApplyIncludeWidened);
        return Task.FromResult(ControlAnswer.Done);
    }

    private async Task<ControlAnswer> AddAsync(LocalZones next, ListFile added, CancellationToken ct)
    {
        // Before its address comes, a name of type redirect has no data: blocked all the same.
        var answer = await FirstFailureAsync(
            () => unbound.AddLocalZonesAsync(added.Lines, next.Type, ct),
            () => next.Action.Addresses.Count == 0 ? Task.FromResult(ControlAnswer.Done) : unbound.RemoveLocalDataAsync(added.Lines, ct),
            () => unbound.AddLocalDataAsync([.. added.Lines.SelectMany(next.RecordsOf)], ct));
        FaultPoint.Reach(FaultPoints.ApplyNamesAdded);
        return answer;
    }

    private async Task<ControlAnswer> LoadZoneAsync(CancellationToken ct)
    {
        zone.File.Swap();
        // A crash here leaves the new zone on the disk and the old one in the resolver. The record still names the old one,
        // so the next run comes this way again; a resolver that starts meanwhile loads the new one, which is whole.
        FaultPoint.Reach(FaultPoints.ApplySwapped);
        return await unbound.ReloadZoneAsync(settings.Zone, ct);
    }

    /// <summary>Unbound says "ok" of another file too. Until it has this one, nothing may be taken away that the zone has instead.</summary>
    private async Task<ControlAnswer> RequireZoneAsync(CancellationToken ct)
    {
        var (answered, serial) = await unbound.LoadedSerialAsync(settings.Zone, ct);
        var due = zone.ReadPlacedSerial();
        return !answered || serial == due ? ControlAnswer.Done
            : new ControlAnswer(false, serial is null ? "it has loaded no such zone" : $"it has loaded serial {serial} where {due} is due; it may read another file");
    }

    /// <summary>Local zones have no owner: a name that another list on this Unbound has as well stays.</summary>
    private async Task<ControlAnswer> RemoveAsync(ListFile removed, CancellationToken ct)
    {
        if (removed.Count > 0)
            foreach (var other in settings.Neighbours)
                removed = removed.Except(new LocalZonesFile(LocalZonesFile.PathOf(other.ZoneFile), new LocalZonesMarker(other.Zone)).ReadPlaced().Names);
        var answer = await unbound.RemoveLocalZonesAsync(removed.Lines, ct);
        FaultPoint.Reach(FaultPoints.ApplyNamesRemoved);
        return answer;
    }

    private Task<ControlAnswer> NarrowInclude()
    {
        localZones.File.Swap();
        FaultPoint.Reach(FaultPoints.ApplyIncludeNarrowed);
        return Task.FromResult(ControlAnswer.Done);
    }

    /// <summary>An Unbound that was started again before the include was narrowed has the names of both versions.</summary>
    private async Task<ControlAnswer> RemoveOnceMoreAsync(ListFile removed, CancellationToken ct) =>
        removed.Count == 0 || await marker.IsLoadingAsync(settings.Resolver.Address, ct) ? ControlAnswer.Done : await RemoveAsync(removed, ct);

    private Task<ControlAnswer> TellVersionAsync(LocalZones next, CancellationToken ct) => FirstFailureAsync(
        () => unbound.RemoveLocalDataAsync([marker.Loading], ct),
        () => next.Version is { } version ? unbound.AddLocalDataAsync([marker.VersionRecord(version)], ct) : Task.FromResult(ControlAnswer.Done));

    private static async Task<ControlAnswer> FirstFailureAsync(params Func<Task<ControlAnswer>>[] steps)
    {
        foreach (var step in steps)
            if (await step() is { Succeeded: false } failure) return failure;
        return ControlAnswer.Done;
    }
}
