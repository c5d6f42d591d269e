using System.Net;

namespace BlockList.Server.DnsChecks;

/// <summary>
/// Whom this machine may ask. Anybody can write an address into a name server's record, and with it have a packet sent there
/// from here: to this machine, its network, a cloud's metadata address. So nobody is asked whom the public cannot reach.
/// </summary>
internal sealed class AskedNetworks(IEnumerable<IPNetwork> alsoAsked)
{
    /// <summary>Of IANA's special-purpose registries (RFC 6890): this host, private, shared, link-local, documentation,
    /// benchmarks, multicast, reserved; and of IPv6 also what embeds an IPv4 address.</summary>
    private static readonly IPNetwork[] NotPublic = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        // Unspecified, loopback, mapped and compatible IPv4.
        "::/80",
        "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8",
    }.Select(text => IPNetwork.Parse(text))];

    /// <summary>What libunbound is told not to ask. Its list knows no exceptions, so those are cut out.</summary>
    public IReadOnlyList<IPNetwork> Refused { get; } = alsoAsked.Aggregate(NotPublic.AsEnumerable(), (refused, asked) => refused.SelectMany(network => Without(network, asked))).ToArray();

    public bool MayAsk(IPAddress address) => !Refused.Any(network => network.Contains(address));

    private static IEnumerable<IPNetwork> Without(IPNetwork network, IPNetwork asked)
    {
        if (network.BaseAddress.AddressFamily != asked.BaseAddress.AddressFamily) return [network];
        if (asked.PrefixLength <= network.PrefixLength) return asked.Contains(network.BaseAddress) ? [] : [network];
        return network.Contains(asked.BaseAddress) ? Halves(network).SelectMany(half => Without(half, asked)) : [network];
    }

    private static IPNetwork[] Halves(IPNetwork network)
    {
        var length = network.PrefixLength + 1;
        var second = network.BaseAddress.GetAddressBytes();
        second[(length - 1) / 8] |= (byte)(0x80 >> ((length - 1) % 8));
        return [new IPNetwork(network.BaseAddress, length), new IPNetwork(new IPAddress(second), length)];
    }
}
