using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using BlockList.Agent.Resolvers;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// How long a client waits at worst while 1 % of 700,000 names change, under a steady load of queries: as the agent
/// changes them, and, of Unbound, as a plain reload of the whole zone file does. BIND knows the reload alone.
/// </summary>
internal static class ResolverBench
{
    private const int Names = 700_000;
    private const int Changed = Names / 100 / 2;
    private const int Asked = 500;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var authority = await AuthoritativeDns.StartAsync(state, new Dictionary<string, IPAddress> { ["*.example"] = IPAddress.Parse("192.0.2.1") }, ct: cancellationToken);
        var names = SampleNames.Make(Names + Changed);
        var (before, after) = (ListOf(names.Take(Names)), ListOf(names.Skip(Changed)));
        // Half of what is asked for is listed before and after; the rest is resolved, and soon cached.
        var asked = names.Skip(Changed).Take(Asked).Zip(Enumerable.Range(0, Asked), (name, i) => (string[])[name, $"free-{i}.example"]).SelectMany(pair => pair).ToArray();

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"resolver and way",-40}{"change, s",12}{"worst, ms",12}{"mean, ms",12}{"answers",10}{"lost",8}"));
        var channel = await MeasureAsync("Unbound, control channel", new(state, authority.Address, ResolverType.Unbound, 0));
        await MeasureAsync("Unbound, whole zone file reloaded", new(state, authority.Address, ResolverType.Unbound, int.MaxValue));
        await MeasureAsync("BIND, zone reloaded", new(state, authority.Address, ResolverType.Bind, int.MaxValue));
        return Goal.Conclude(new Goal("resolver-unbound-worst-answer-ms", channel.Worst, 50));

        async Task<DnsLoadResult> MeasureAsync(string way, BenchedResolver server)
        {
            await using var running = server;
            Console.Error.WriteLine($"{way}: starting it with {Names} names …");
            var resolver = KnownResolvers.Of(server.List);
            await RenderAsync(resolver, ListFile.Empty, 1);
            resolver.Place();
            await server.StartAsync(cancellationToken);
            await LoadAsync(resolver, server, before, 2);

            Console.Error.WriteLine($"{way}: changing {Changed * 2} names under load …");
            await RenderAsync(resolver, after, 3);
            await using var load = await DnsLoad.StartAsync(state, server.List.Resolver.Name, server.List.Resolver.Address, asked, cancellationToken);
            var started = Stopwatch.GetTimestamp();
            Require(await resolver.LoadAsync(cancellationToken));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var result = await load.EndAsync(cancellationToken);
            await CheckAsync(resolver, server, after, 3);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{way,-40}{seconds,12:0.0}{result.Worst,12:0.0}{result.Average,12:0.00}{result.Answers,10}{result.Lost,8}"));
            return result;
        }

        async Task LoadAsync(IResolver resolver, BenchedResolver server, ListFile list, int version)
        {
            await RenderAsync(resolver, list, version);
            Require(await resolver.LoadAsync(cancellationToken));
            await CheckAsync(resolver, server, list, version);
        }

        async Task RenderAsync(IResolver resolver, ListFile list, int version)
        {
            await resolver.RenderAsync(list, Serial.Create(version), cancellationToken);
            _ = resolver.ReadBack(list, Serial.Create(version));
        }

        async Task CheckAsync(IResolver resolver, BenchedResolver server, ListFile list, int version)
        {
            var check = await new CheckResolver(resolver, server.List).RunAsync(RpzZone.Enforceable(list), Serial.Create(version), null, cancellationToken);
            if (check.NegativeProof is { } proof) throw new InvalidOperationException(proof);
        }
    }

    private static void Require(ControlAnswer answer)
    {
        if (!answer.Succeeded) throw new InvalidOperationException(answer.Text);
    }

    private static ListFile ListOf(IEnumerable<string> names) =>
        ListFile.Parse(Encoding.ASCII.GetBytes(string.Concat(names.Order(StringComparer.Ordinal).Select(n => n + "\n"))));
}
