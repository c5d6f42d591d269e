using BlockList.Agent.Configuration;
using BlockList.Agent.Dns;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Resolvers;

/// <summary>BIND enforces a list as a response policy zone.</summary>
internal sealed class BindResolver : IResolver
{
    /// <summary>BIND reads several times as much in a second; a reload that failed is found out only by waiting.</summary>
    private const double BytesPerSecond = 500_000;

    private static readonly TimeSpan ShortestLoadTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ListSettings settings;
    private readonly PolicyZoneFile zone;
    private readonly StagedFiles files;
    private readonly BindControl bind;
    private Serial? due;

    public BindResolver(ListSettings settings)
    {
        this.settings = settings;
        zone = new PolicyZoneFile(settings);
        files = new StagedFiles(zone.File);
        bind = new BindControl(settings.Resolver);
    }

    public string Title => settings.Resolver.Type.Title;

    public string? Sha256 => files.Sha256;

    public Task RenderAsync(ListFile list, Serial version, CancellationToken ct)
    {
        zone.Render(list, version);
        due = version;
        return Task.CompletedTask;
    }

    public Rendering ReadBack(ListFile list, Serial version) => RenderedCheck.Of(list, version, files, zone.ReadNext);

    public bool KeepPrevious(string? appliedSha256) => files.KeepPrevious(appliedSha256);

    public async Task<ControlAnswer> LoadAsync(CancellationToken ct)
    {
        var before = await bind.LoadedAsync(settings.Zone, ct);
        // One version may be rendered in several ways. Then the moment tells them apart, and BIND says it to the second.
        if (before.Serial == due) await Task.Delay(Second, ct);
        // A clock that was ahead when BIND loaded the zone before must not make the next one look older.
        zone.File.Swap(after: before.LoadedAt);
        // A crash here leaves the new zone on the disk and the old one in BIND, which loads the new one if it starts meanwhile.
        FaultPoint.Reach(FaultPoints.ApplySwapped);
        return await ReloadAsync(before, ct);
    }

    public void Place() => files.Swap();

    public Task<ControlAnswer> PutBackAsync(CancellationToken ct)
    {
        files.RecallPrevious();
        due = zone.ReadNextSerial();
        FaultPoint.Reach(FaultPoints.ApplyPutBack);
        return LoadAsync(ct);
    }

    public async Task<IReadOnlyList<LoadedPart>> LoadedAsync(CancellationToken ct)
    {
        var loaded = await bind.LoadedAsync(settings.Zone, ct);
        return [new LoadedPart($"zone {settings.Zone}", loaded.Answered, loaded.Serial)];
    }

    /// <summary>BIND adds the SOA record of the policy zone that decided (<c>add-soa</c>).</summary>
    public bool IsByPolicy(DnsAnswer answer) => answer.Authorities.Contains(settings.Zone);

    private async Task<ControlAnswer> ReloadAsync(BindZone before, CancellationToken ct)
    {
        var answer = await bind.ReloadZoneAsync(settings.Zone, ct);
        if (!answer.Succeeded) return answer;
        var patience = ShortestLoadTime + TimeSpan.FromSeconds(new FileInfo(settings.ZoneFile).Length / BytesPerSecond);
        var loaded = before;
        for (var waited = TimeSpan.Zero; waited < patience; waited += Pause)
        {
            loaded = await bind.LoadedAsync(settings.Zone, ct);
            if (!loaded.Answered || (loaded.Serial == due && loaded != before)) return answer;
            await Task.Delay(Pause, ct);
        }
        return new ControlAnswer(false, loaded.Serial is { } serial
            ? $"it has loaded serial {serial} of zone {settings.Zone} where {due} is due: it reads another file, or its log says what it did not like ({answer.Text})"
            : $"it has not loaded it; its log says why ({answer.Text})");
    }
}
