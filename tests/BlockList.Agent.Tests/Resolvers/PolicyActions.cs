using System.Net.Sockets;
using BlockList.Agent.Dns;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>Every action with what a client sees of it.</summary>
internal static class PolicyActions
{
    public static TheoryData<string> All { get; } = ["nxdomain", "nodata", "drop", "address 192.0.2.80 2001:db8::80", "address 2001:db8::80"];

    public static PolicyAction Of(string text)
    {
        Assert.True(PolicyAction.TryParse(text, out var action));
        return action;
    }

    public static async Task SeenAsync(DnsServer server, string name, PolicyAction action)
    {
        if (action.Equals(PolicyAction.Drop))
        {
            await Assert.ThrowsAsync<DnsProbeException>(() => DnsProbe.QueryAsync(server.Address, name, DnsType.A, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
            return;
        }
        await SeenAsync(server, name, DnsType.A, AddressFamily.InterNetwork, action);
        await SeenAsync(server, name, DnsType.Aaaa, AddressFamily.InterNetworkV6, action);
    }

    private static async Task SeenAsync(DnsServer server, string name, DnsType type, AddressFamily family, PolicyAction action)
    {
        var answer = await server.AskAsync(name, type);
        Assert.Equal(action.Equals(PolicyAction.NxDomain) ? DnsAnswer.NameError : DnsAnswer.NoError, answer.RCode);
        Assert.Equal(action.Addresses.Where(a => a.AddressFamily == family), answer.Addresses);
    }
}
