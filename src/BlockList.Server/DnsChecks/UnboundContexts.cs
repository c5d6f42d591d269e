using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace BlockList.Server.DnsChecks;

/// <summary>Makes contexts that ask as the options say. Each has an empty cache of its own.</summary>
internal sealed class UnboundContexts(IOptions<DnsOptions> options, TimeProvider clock)
{
    private const int ForOneReading = 64;

    public DnsOptions Options { get; } = options.Value;

    public AskedNetworks Networks { get; } = new(DnsOptionsCheck.Split(options.Value.PrivateNetworksAsked).Select(network => IPNetwork.Parse(network)));

    /// <summary>For any number of questions, with a cache.</summary>
    public UnboundContext CreateLasting() => Create(Options.QuestionsAtOnce, null);

    /// <summary>For one reading, which is to know nothing from before.</summary>
    /// <param name="onlyServer">Whom to ask in a zone, whatever its delegation says.</param>
    public UnboundContext CreateFresh((DnsName Zone, IPAddress Server)? onlyServer = null) => Create(Math.Min(ForOneReading, Options.QuestionsAtOnce), onlyServer);

    private UnboundContext Create(int atOnce, (DnsName Zone, IPAddress Server)? onlyServer)
    {
        var handle = LibUnbound.Create();
        try
        {
            if (handle.IsInvalid) throw new IOException("libunbound could not start: too little memory, or too many open files.");
            // Its log would name the names that are asked for; what is wrong stands in the answers.
            _ = LibUnbound.SetLog(handle, 0);
            foreach (var (option, value) in Settings(atOnce)) Check(LibUnbound.SetOption(handle, option, value), $"{option} {value}");
            if (Options.TrustAnchorFile != "") Check(LibUnbound.AddTrustAnchorFile(handle, Options.TrustAnchorFile), Options.TrustAnchorFile);
            // Not primed: the list of servers that this one sends is not followed.
            if (onlyServer is var (zone, server)) Check(LibUnbound.SetStub(handle, zone.Text, server.ToString(), isPrime: 0), "stub");
            Check(LibUnbound.UseThread(handle, 1), "thread");
            return new UnboundContext(handle, new UnboundLimits(TimeSpan.FromSeconds(Options.AnswerSeconds), atOnce, Options.LargestAnswer), clock);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private IEnumerable<(string Option, string Value)> Settings(int atOnce)
    {
        yield return ("module-config:", Options.TrustAnchorFile == "" ? "iterator" : "validator iterator");
        if (Options.RootHints != "") yield return ("root-hints:", Options.RootHints);
        foreach (var address in DnsOptionsCheck.Split(Options.OutgoingAddresses)) yield return ("outgoing-interface:", address);
        yield return ("do-ip6:", Options.AskIPv6 ? "yes" : "no");

        // Its own rule about the loopback address knows no exceptions; ours has that address too.
        yield return ("do-not-query-localhost:", "no");
        foreach (var network in Networks.Refused) yield return ("do-not-query-address:", network.ToString());

        // Sparing zones the whole of a name (RFC 9156) is no gain where the name is published for its zone to answer, and costs the
        // limit of aliases: libunbound 1.17 counts none on the shortened questions, and a chain without end gets ten thousand of them.
        yield return ("qname-minimisation:", "no");
        yield return ("harden-glue:", "yes");
        yield return ("harden-dnssec-stripped:", "yes");
        yield return ("harden-below-nxdomain:", "yes");
        // Below it no answer is cut into fragments, the second of which anybody could replace; larger ones come by TCP.
        yield return ("edns-buffer-size:", "1232");
        // Somebody is guessing: after so many answers that nobody asked for, the cache is dropped.
        yield return ("unwanted-reply-threshold:", "100000");
        // What a server that was never asked is given to answer before it is asked again: with the usual 376 ms, a machine that is busy
        // for a moment takes a living server for dead, and then asks it one question at a time and gives the others up.
        yield return ("unknown-server-time-limit:", "1000");
        yield return ("infra-keep-probing:", "yes");
        yield return ("cache-max-ttl:", "3600");
        yield return ("msg-cache-size:", "4m");
        yield return ("rrset-cache-size:", "8m");
        yield return ("key-cache-size:", "4m");
        yield return ("num-queries-per-thread:", Number(atOnce * 2));
        yield return ("outgoing-range:", Number(atOnce * 2));
        yield return ("outgoing-num-tcp:", Number(Math.Clamp(atOnce / 8, 4, 64)));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Check(int error, string what)
    {
        if (error != 0) throw new IOException($"libunbound does not take \"{what}\": {LibUnbound.Explain(error)}. The checker needs libunbound 1.17 or later.");
    }
}
