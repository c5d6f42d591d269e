using BlockList.Agent.Configuration;
using BlockList.Agent.Dns;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Applying;

/// <summary>Asks the running resolver what it enforces now: the serial that it loaded, and the answers to some listed names.</summary>
internal sealed class CheckResolver(UnboundReload unbound, ListSettings settings)
{
    private const string Blocked = "blocked";
    private const string Open = "open";
    private const string Free = "free";
    private const string Inconclusive = "inconclusive";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="list">What the zone enforces.</param>
    /// <param name="version">The serial that must be loaded.</param>
    public async Task<ResolverCheck> RunAsync(ListFile list, Serial version, CancellationToken ct)
    {
        var (answered, serial) = await unbound.LoadedSerialAsync(settings.Zone, ct);
        var probes = (await Task.WhenAll(Chosen(list).Select(entry => ProbeAsync(entry.Which, entry.Line, ct))))
            .SelectMany(results => results).ToDictionary(r => r.Probe, r => r.Result, StringComparer.Ordinal);
        return new ResolverCheck(answered ? "serial" : "probe", probes, ProofAgainst(version, answered, serial, probes));
    }

    private string? ProofAgainst(Serial version, bool answered, Serial? serial, Dictionary<string, string> probes)
    {
        if (answered && serial is null) return $"Unbound has loaded no zone {settings.Zone}";
        if (answered && serial != version) return $"Unbound has loaded serial {serial} of zone {settings.Zone} where {version} is due: it may read another file";
        var open = probes.Where(p => p.Value == Open).Select(p => p.Key).FirstOrDefault();
        return open is null ? null : $"Unbound answers the {open} name of the list with data: zone {settings.Zone} is loaded and not enforced. Look in its rpz: section for rpz-action-override and tags";
    }

    private static IEnumerable<(string Which, string Line)> Chosen(ListFile list)
    {
        if (list.Count > 0) yield return ("first", list.Lines[0]);
        if (list.Count > 2) yield return ("middle", list.Lines[list.Count / 2]);
        if (list.Count > 1) yield return ("last", list.Lines[^1]);
    }

    /// <summary>A listed name must be blocked; of a host that is listed alone, what lies below must not be.</summary>
    private async Task<IReadOnlyList<(string Probe, string Result)>> ProbeAsync(string which, string line, CancellationToken ct)
    {
        var host = line[0] == '=';
        var name = host ? line[1..] : line;
        var result = await AskAsync(name, ct);
        // Below a host there may be no name at all: only an answer shows that nothing was widened.
        return host
            ? [(which, ResultOf(result)), (which + "_child", result is not null && await AskAsync("www." + name, ct) is { RCode: DnsAnswer.NoError } ? Free : Inconclusive)]
            : [(which, ResultOf(result))];
    }

    /// <summary>Unbound marks what its zones decided as authoritative. A name that does not exist anyway says nothing, and
    /// neither does local data of the provider's own, nor silence.</summary>
    private static string ResultOf(DnsAnswer? answer) => answer switch
    {
        { RCode: DnsAnswer.NameError, Authoritative: true } => Blocked,
        { RCode: DnsAnswer.NoError, Authoritative: false, Addresses.Count: > 0 } => Open,
        _ => Inconclusive,
    };

    private async Task<DnsAnswer?> AskAsync(string name, CancellationToken ct)
    {
        try
        {
            return await DnsProbe.QueryAsync(settings.Resolver.Address, name, DnsType.A, Patience, ct);
        }
        catch (DnsProbeException)
        {
            return null;
        }
    }
}
