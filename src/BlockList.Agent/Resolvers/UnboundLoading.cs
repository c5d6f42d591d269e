using BlockList.Agent.Configuration;
using BlockList.Format;

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

        var added = await IsLoadedAsync(placed, ct) && placed.Action.Equals(next.Action) ? SortedNames.Except(next.Names, placed.Names) : next.Names;
        var removed = SortedNames.Except(placed.Names, next.Names);
        return await FirstFailureAsync(
            () => ForgetVersionAsync(ct),
            () => WidenIncludeAsync(placed, next, removed),
            () => AddAsync(next, added, ct),
            () => LoadZoneAsync(ct),
            () => RemoveAsync(removed, ct),
            NarrowInclude,
            () => TellVersionAsync(next, ct));
    }

    /// <summary>Whether Unbound has exactly what lies in place. Where it is not known, everything is added once more, which
    /// changes nothing for a name that is there.</summary>
    private async Task<bool> IsLoadedAsync(LocalZones placed, CancellationToken ct) =>
        placed.Version is not null && (await marker.LoadedAsync(settings.Resolver.Address, ct)).Version == placed.Version;

    private Task<ControlAnswer> ForgetVersionAsync(CancellationToken ct) => unbound.RemoveLocalDataAsync([marker.Version], ct);

    private Task<ControlAnswer> WidenIncludeAsync(LocalZones placed, LocalZones next, IReadOnlyList<string> removed)
    {
        if (removed.Count == 0) localZones.File.Swap();
        else localZones.Place(new LocalZones(null, SortedNames.Union(placed.Names, next.Names), next.Names.Count > 0 ? next.Action : placed.Action));
        // A crash from here on leaves Unbound without a version, so that the next run adds everything once more. A restart
        // loads the names of both versions.
        FaultPoint.Reach(FaultPoints.ApplyIncludeWidened);
        return Task.FromResult(ControlAnswer.Done);
    }

    private async Task<ControlAnswer> AddAsync(LocalZones next, IReadOnlyList<string> added, CancellationToken ct)
    {
        // Before its address comes, a name of type redirect has no data: blocked all the same.
        var answer = await FirstFailureAsync(
            () => unbound.AddLocalZonesAsync(added, next.Type, ct),
            () => next.Action.Addresses.Count == 0 ? Task.FromResult(ControlAnswer.Done) : unbound.RemoveLocalDataAsync(added, ct),
            () => unbound.AddLocalDataAsync(added.SelectMany(next.RecordsOf), ct));
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

    /// <summary>Local zones have no owner: a name that another list on this Unbound has as well stays.</summary>
    private async Task<ControlAnswer> RemoveAsync(IReadOnlyList<string> removed, CancellationToken ct)
    {
        if (removed.Count > 0)
            foreach (var other in settings.Neighbours)
                removed = SortedNames.Except(removed, new LocalZonesFile(LocalZonesFile.PathOf(other.ZoneFile), new LocalZonesMarker(other.Zone)).ReadPlaced().Names);
        var answer = await unbound.RemoveLocalZonesAsync(removed, ct);
        FaultPoint.Reach(FaultPoints.ApplyNamesRemoved);
        return answer;
    }

    private Task<ControlAnswer> NarrowInclude()
    {
        localZones.File.Swap();
        FaultPoint.Reach(FaultPoints.ApplyIncludeNarrowed);
        return Task.FromResult(ControlAnswer.Done);
    }

    private Task<ControlAnswer> TellVersionAsync(LocalZones next, CancellationToken ct) =>
        next.Version is { } version ? unbound.AddLocalDataAsync([marker.VersionRecord(version)], ct) : Task.FromResult(ControlAnswer.Done);

    private static async Task<ControlAnswer> FirstFailureAsync(params Func<Task<ControlAnswer>>[] steps)
    {
        foreach (var step in steps)
            if (await step() is { Succeeded: false } failure) return failure;
        return ControlAnswer.Done;
    }
}
