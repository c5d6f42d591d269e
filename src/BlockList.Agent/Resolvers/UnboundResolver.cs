using BlockList.Agent.Configuration;
using BlockList.Agent.Dns;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// Unbound enforces a short list as a response policy zone. Of a long one whole names become local zones, changed one by
/// one through its control channel, because reloading a long zone stops all answers for seconds; hosts stay in the zone,
/// since a local zone covers everything below. Both files are always there, so that its configuration never changes.
/// </summary>
internal sealed class UnboundResolver : IResolver
{
    private readonly ListSettings settings;
    private readonly PolicyZoneFile zone;
    private readonly LocalZonesFile localZones;
    private readonly LocalZonesMarker marker;
    private readonly StagedFiles files;
    private readonly UnboundControl unbound;

    public UnboundResolver(ListSettings settings)
    {
        this.settings = settings;
        marker = new LocalZonesMarker(settings.Zone);
        zone = new PolicyZoneFile(settings);
        localZones = new LocalZonesFile(LocalZonesFile.PathOf(settings.ZoneFile), marker);
        // The include file first: wherever placing both is cut off, a name that moves to it stands in one of them.
        files = new StagedFiles(localZones.File, zone.File);
        unbound = new UnboundControl(settings.Resolver);
    }

    public string Title => settings.Resolver.Type.Title;

    public string? Sha256 => files.Sha256;

    public async Task RenderAsync(ListFile list, Serial version, CancellationToken ct)
    {
        var wholeNames = list.WholeNames();
        var placed = localZones.ReadPlaced();
        if (await IsForChannelAsync(wholeNames.Count, placed, ct))
        {
            localZones.Render(new LocalZones(version, wholeNames, settings.Action));
            zone.Render(RpzZone.HostsAlone(list), version);
        }
        else
        {
            localZones.Render(LocalZones.None);
            zone.Render(list, version);
        }
    }

    public Rendering ReadBack(ListFile list, Serial version) => RenderedCheck.Of(list, version, files, () =>
    {
        var (serial, inZone) = zone.ReadNext();
        var next = localZones.ReadNext();
        if (next.Names.Count > 0 && (next.Version != serial || !next.Action.Equals(settings.Action)))
            throw new Format.Json.MalformedDocumentException("the local zones have another version or action than the zone");
        return (serial, next.Names.Union(inZone));
    });

    public bool KeepPrevious(string? appliedSha256) => files.KeepPrevious(appliedSha256);

    public Task<ControlAnswer> LoadAsync(CancellationToken ct) =>
        new UnboundLoading(settings, zone, localZones, marker, unbound).RunAsync(ct);

    public void Place()
    {
        var placed = localZones.ReadPlaced();
        if (localZones.HasNext && placed.Names.Except(localZones.ReadNext().Names).Count > 0)
        {
            // Unbound may still have the names that go: they stay in the file until it has lost them.
            localZones.Place(new LocalZones(null, placed.Names.Union(localZones.ReadNext().Names), settings.Action));
            zone.File.Swap();
        }
        else
        {
            files.Swap();
        }
    }

    public Task<ControlAnswer> PutBackAsync(CancellationToken ct)
    {
        files.RecallPrevious();
        // A crash here leaves what was in place, with the version before as the next one; the next run renders its own over it.
        FaultPoint.Reach(FaultPoints.ApplyPutBack);
        return LoadAsync(ct);
    }

    public async Task<IReadOnlyList<LoadedPart>> LoadedAsync(CancellationToken ct)
    {
        var (answered, serial) = await unbound.LoadedSerialAsync(settings.Zone, ct);
        var zonePart = new LoadedPart($"zone {settings.Zone}", answered, serial);
        if (localZones.ReadPlaced().Names.Count == 0) return [zonePart];
        var (asked, version) = await marker.LoadedAsync(settings.Resolver.Address, ct);
        return [zonePart, new LoadedPart($"local zones of {settings.Zone}", asked, version)];
    }

    /// <summary>Unbound marks what its zones and local zones decided as authoritative, and never what it resolved.</summary>
    public bool IsByPolicy(DnsAnswer answer) => answer.Authoritative;

    /// <summary>A list that has gone to the channel stays there until it is a fifth shorter than the limit, so that one at
    /// the limit does not move with every version.</summary>
    private async Task<bool> IsForChannelAsync(int names, LocalZones placed, CancellationToken ct)
    {
        var isThere = placed.Names.Count > 0;
        var limit = settings.Resolver.ChannelAbove;
        if (names <= (isThere ? limit - limit / 5 : limit)) return false;
        // Without the include file in its configuration, names given through the channel would be gone with a restart.
        return await marker.IsIncludedAsync(settings.Resolver.Address, ct) ?? isThere;
    }
}
