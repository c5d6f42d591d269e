using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BlockList.Tools.Development;

/// <summary>A port that was free a moment ago, and whether it is the one that was asked for.</summary>
internal sealed record PortChoice(int Port, bool AsPreferred);

internal static class FreePort
{
    /// <summary>Below Linux's ephemeral range, so that no outgoing connection takes the port between the choice and its use.</summary>
    private const int FirstPort = 20_000;
    private const int EndPort = 32_768;

    /// <summary>The preferred port if it is free on loopback, else another one. Zero prefers none.</summary>
    public static PortChoice Pick(int preferred = 0, bool alsoUdp = false)
    {
        if (preferred != 0 && IsFree(preferred, alsoUdp))
            return new PortChoice(preferred, AsPreferred: true);

        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(FirstPort, EndPort);
            if (IsFree(port, alsoUdp))
                return new PortChoice(port, AsPreferred: preferred == 0);
        }
    }

    private static bool IsFree(int port, bool alsoUdp) =>
        CanListen(port, IPAddress.Loopback, SocketType.Stream, ProtocolType.Tcp)
        && (!alsoUdp || CanListen(port, IPAddress.Loopback, SocketType.Dgram, ProtocolType.Udp));

    private static bool CanListen(int port, IPAddress address, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(address.AddressFamily, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            if (type == SocketType.Stream)
                socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
