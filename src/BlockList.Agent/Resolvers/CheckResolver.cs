using BlockList.Agent.Configuration;
using BlockList.Agent.Dns;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Resolvers;

/// <summary>Asks the running resolver what it enforces now: the version that it loaded, and the answers to some names.</summary>
internal sealed class CheckResolver(IResolver resolver, ListSettings settings)
{
    /// <summary>Resolvers answer this name by themselves (RFC 6303), whatever is up or down in the network.</summary>
    private const string OwnName = "127.in-addr.arpa";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Silence is what is hoped for: a resolver that answers does so in far less.</summary>
    private static readonly TimeSpan PatienceWithSilence = TimeSpan.FromSeconds(1);

    /// <param name="list">What must be enforced.</param>
    /// <param name="version">The version that must be loaded.</param>
    /// <param name="removed">An entry that the version removed and that must be free now, or null.</param>
    /// <param name="ct">Ends the check.</param>
    public async Task<ResolverCheck> RunAsync(ListFile list, Serial version, string? removed, CancellationToken ct)
    {
        var parts = await resolver.LoadedAsync(ct);
        var wrongPart = parts.FirstOrDefault(p => p.Answered && p.Serial != version);
        var answersOthers = settings.Action.Equals(PolicyAction.Drop) && await AskAsync(OwnName, DnsType.Soa, ct) is not null;
        var probes = await Task.WhenAll(ProbeChoice.Of(list, removed).Select(choice => ProbeAsync(choice, answersOthers, wrongPart is null, ct)));
        var isLoaded = parts.All(p => p.Answered);
        return new ResolverCheck(
            isLoaded ? "serial" : "probe", probes.ToDictionary(r => r.Choice.Probe, r => r.Result, StringComparer.Ordinal),
            wrongPart is not null ? NotLoaded(wrongPart, version) : NotEnforced(await OpenAsync(list, probes, isLoaded, answersOthers, ct)));
    }

    private string NotLoaded(LoadedPart part, Serial version) => part.Serial is null
        ? $"{resolver.Title} has loaded no {part.What}"
        : $"{resolver.Title} has loaded serial {part.Serial} of {part.What} where {version} is due: it may read another file";

    private string? NotEnforced(ProbeChoice? open) => open is null ? null
        : $"{resolver.Title} answers the {open.Probe} name of the list with data: zone {settings.Zone} is loaded and not enforced. " +
          $"Compare its configuration with \"blocklist-agent config print {settings.Resolver.Name}\"";

    /// <summary>The probe that proves that the list is not enforced, or null. Where the version is loaded and others of its entries are
    /// blocked, one that resolves is the provider's own exemption; to put the version back for it would keep every later one out.</summary>
    private async Task<ProbeChoice?> OpenAsync(ListFile list, (ProbeChoice Choice, string Result)[] probes, bool isLoaded, bool answersOthers, CancellationToken ct)
    {
        foreach (var scope in probes.Where(p => p.Choice.Listed).GroupBy(p => p.Choice.Host))
        {
            if (scope.Where(p => p.Result == ProbeResult.Open).Select(p => p.Choice).FirstOrDefault() is not { } open) continue;
            if (!isLoaded) return open;
            if (scope.Any(p => p.Result == ProbeResult.Blocked)) continue;
            var further = await Task.WhenAll(ProbeChoice.Further(list, scope.Key).Select(choice => ProbeAsync(choice, answersOthers, maySettle: false, ct)));
            if (!further.Any(p => p.Result == ProbeResult.Blocked)) return open;
        }
        return null;
    }

    private async Task<(ProbeChoice Choice, string Result)> ProbeAsync(ProbeChoice choice, bool answersOthers, bool maySettle, CancellationToken ct)
    {
        var type = ProbeResult.QuestionFor(settings.Action).Type;
        var waited = TimeSpan.Zero;
        while (true)
        {
            var answer = await AskAsync(choice.Name, type, ct);
            var byPolicy = answer is not null && resolver.IsByPolicy(answer);
            var result = choice.Listed ? ProbeResult.OfListed(answer, settings.Action, byPolicy, answersOthers) : ProbeResult.OfUnlisted(answer, byPolicy);
            // A resolver that has loaded a zone may take a while until it goes by it.
            if (!(result == ProbeResult.Open || (choice.IsRemoved && result == ProbeResult.Covered)) || !maySettle || waited >= settings.Resolver.Settling) return (choice, result);
            await Task.Delay(Pause, ct);
            waited += Pause;
        }
    }

    private async Task<DnsAnswer?> AskAsync(string name, DnsType type, CancellationToken ct)
    {
        try
        {
            var patience = settings.Action.Equals(PolicyAction.Drop) ? PatienceWithSilence : Patience;
            return await DnsProbe.QueryAsync(settings.Resolver.Address, name, type, patience, ct);
        }
        catch (DnsProbeException)
        {
            return null;
        }
    }
}
