using System.Net;

namespace BlockList.Server.DnsChecks;

/// <summary>
/// Asks each server of a zone for the texts at a name: no cache, ours or another's, stands between, so that what the owner wrote a
/// moment ago counts now, and what a secondary does not have yet is said of that secondary and held against nobody.
/// </summary>
internal sealed class ReadTxtAtAuthority(UnboundContexts contexts)
{
    public async Task<TxtReading> RunAsync(DnsName name, CancellationToken cancellationToken)
    {
        // The list of servers is fresh as well: a zone that moved yesterday is asked where it is today.
        DnsName zone;
        (DnsName Server, IPAddress? Address, DnsAnswer Answer)[] servers;
        using (var fresh = contexts.CreateFresh())
        {
            // One question has its limit; the way to the zone, of many, has one of three such.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(3 * contexts.Options.AnswerSeconds));
            try
            {
                (var found, var answer) = await FindZoneAsync(fresh, name, limit.Token);
                if (answer is not DnsAnswer.Answered list)
                    return new TxtReading(null, [], $"The servers of the zone of {name} were not found: {answer.Print()}.", answer.Verdict);
                zone = found;
                var names = list.Records.OfType<DnsRecord.NameServer>().Select(record => record.Server).Distinct().OrderBy(server => server.Text, StringComparer.Ordinal).Take(contexts.Options.ServersAsked);
                servers = await Task.WhenAll(names.Select(server => LocateAsync(fresh, server, limit.Token)));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new TxtReading(null, [], $"The servers of the zone of {name} were not found within {3 * contexts.Options.AnswerSeconds} s.", DnssecVerdict.Insecure);
            }
        }
        var texts = await Task.WhenAll(servers.Select(server => server.Address is { } address
            ? AskAsync(zone, server.Server, address, name, cancellationToken)
            : Task.FromResult(new ServerTexts(server.Server, null, server.Answer))));
        return new TxtReading(zone, texts, null, DnssecVerdict.Insecure);
    }

    /// <summary>The nearest name at or above this one that has a list of servers of its own; the name itself may be delegated.</summary>
    private static async Task<(DnsName Zone, DnsAnswer Answer)> FindZoneAsync(UnboundContext fresh, DnsName name, CancellationToken cancellationToken)
    {
        for (var zone = name; ; zone = zone.Parent!)
        {
            var answer = await fresh.ResolveAsync(zone, RecordType.Ns, cancellationToken);
            // The servers at the end of an alias are those of another zone.
            var isHere = answer is DnsAnswer.Answered { Aliases.Count: 0 };
            var isAbove = answer is DnsAnswer.Answered or DnsAnswer.NoData or DnsAnswer.NoSuchName;
            if (isHere || !isAbove || zone.Parent is null || zone.Parent == DnsName.Root) return (zone, isAbove && !isHere ? new DnsAnswer.Failed("no zone on the way has servers") : answer);
        }
    }

    private async Task<(DnsName Server, IPAddress? Address, DnsAnswer Answer)> LocateAsync(UnboundContext fresh, DnsName server, CancellationToken cancellationToken)
    {
        var answer = await fresh.ResolveAsync(server, RecordType.A, cancellationToken);
        if (answer is not DnsAnswer.Answered && contexts.Options.AskIPv6) answer = await fresh.ResolveAsync(server, RecordType.Aaaa, cancellationToken);
        if (answer is not DnsAnswer.Answered addresses) return (server, null, new DnsAnswer.Failed($"its name has no address: {answer.Print()}"));
        var asked = addresses.Records.OfType<DnsRecord.Address>().Select(record => record.Value).FirstOrDefault(contexts.Networks.MayAsk);
        return (server, asked, asked is null ? new DnsAnswer.Failed("its address is not public, so it is not asked") : answer);
    }

    private async Task<ServerTexts> AskAsync(DnsName zone, DnsName server, IPAddress address, DnsName name, CancellationToken cancellationToken)
    {
        // A libunbound of its own: it cannot be told whom to ask question by question.
        using var alone = contexts.CreateFresh((zone, address));
        var answer = await alone.ResolveAsync(name, RecordType.Txt, cancellationToken);
        // Where the name is an alias, this server says of what, and the way from there is found as of any name.
        return new ServerTexts(server, address, answer is DnsAnswer.Answered answered && answered.Aliases.Count > contexts.Options.AliasesFollowed
            ? new DnsAnswer.Failed($"the name is an alias {answered.Aliases.Count} times over, of which {contexts.Options.AliasesFollowed} are followed")
            : answer);
    }
}
