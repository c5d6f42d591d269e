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
    /// <param name="ct">Ends the check.</param>
    public async Task<ResolverCheck> RunAsync(ListFile list, Serial version, CancellationToken ct)
    {
        var parts = await resolver.LoadedAsync(ct);
        var wrongPart = parts.FirstOrDefault(p => p.Answered && p.Serial != version);
        var answersOthers = settings.Action.Equals(PolicyAction.Drop) && await AskAsync(OwnName, DnsType.Soa, ct) is not null;
        var probes = (await Task.WhenAll(ProbeChoice.Of(list).Select(choice => ProbeAsync(choice, answersOthers, wrongPart is null, ct))))
            .ToDictionary(r => r.Probe, r => r.Result, StringComparer.Ordinal);
        return new ResolverCheck(
            parts.All(p => p.Answered) ? "serial" : "probe", probes,
            wrongPart is not null ? NotLoaded(wrongPart, version) : NotEnforced(probes));
    }

    private string NotLoaded(LoadedPart part, Serial version) => part.Serial is null
        ? $"{resolver.Title} has loaded no {part.What}"
        : $"{resolver.Title} has loaded serial {part.Serial} of {part.What} where {version} is due: it may read another file";

    private string? NotEnforced(Dictionary<string, string> probes) =>
        probes.Where(p => p.Value == ProbeResult.Open).Select(p => p.Key).FirstOrDefault() is not { } open ? null
            : $"{resolver.Title} answers the {open} name of the list with data: zone {settings.Zone} is loaded and not enforced. " +
              $"Compare its configuration with \"blocklist-agent config print {settings.Resolver.Name}\"";

    private async Task<(string Probe, string Result)> ProbeAsync(ProbeChoice choice, bool answersOthers, bool maySettle, CancellationToken ct)
    {
        var type = ProbeResult.QuestionFor(settings.Action).Type;
        var waited = TimeSpan.Zero;
        while (true)
        {
            var answer = await AskAsync(choice.Name, type, ct);
            var byPolicy = answer is not null && resolver.IsByPolicy(answer);
            var result = choice.Listed ? ProbeResult.OfListed(answer, settings.Action, byPolicy, answersOthers) : ProbeResult.OfUnlisted(answer, byPolicy);
            // A resolver that has loaded a zone may take a while until it goes by it.
            if (result != ProbeResult.Open || !maySettle || waited >= settings.Resolver.Settling) return (choice.Probe, result);
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
