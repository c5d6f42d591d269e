using BlockList.Agent.Configuration;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Applying;

/// <summary>Asks the running resolver what it enforces now: the serial that it loaded, and the answers to some listed names.</summary>
internal sealed class CheckResolver(UnboundReload unbound, ListSettings settings)
{
    public async Task<ResolverCheck> RunAsync(ListFile list, Serial version, CancellationToken ct)
    {
        var (answered, serial) = await unbound.LoadedSerialAsync(settings.Zone, ct);
        var probes = new Dictionary<string, string>(StringComparer.Ordinal);
        var proof = answered && serial != version
            ? serial is null ? $"Unbound has no serial for zone {settings.Zone}" : $"Unbound has loaded serial {serial} of zone {settings.Zone} where {version} is due"
            : null;
        return new ResolverCheck(answered ? "serial" : "probe", probes, proof);
    }
}
