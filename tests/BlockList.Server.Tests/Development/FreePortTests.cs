using System.Net.Sockets;
using System.Net;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class FreePortTests
{
    [Fact]
    public void A_free_port_that_is_preferred_is_taken()
    {
        var free = FreePort.Pick(alsoUdp: true);

        Assert.Equal(new PortChoice(free.Port, AsPreferred: true), FreePort.Pick(free.Port, alsoUdp: true));
    }

    [Fact]
    public void A_port_in_use_gives_way_to_another_and_the_caller_is_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var choice = FreePort.Pick(port);

        Assert.False(choice.AsPreferred);
        Assert.NotEqual(port, choice.Port);
    }

    [Fact]
    public void A_port_taken_for_datagrams_counts_only_where_datagrams_are_wanted()
    {
        // Not one that the system gives: outgoing connections have theirs from the same range.
        var port = FreePort.Pick(alsoUdp: true).Port;
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));

        Assert.True(FreePort.Pick(port).AsPreferred);
        Assert.False(FreePort.Pick(port, alsoUdp: true).AsPreferred);
    }
}
