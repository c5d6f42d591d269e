using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BlockList.Tools.Development;

/// <summary>
/// 254 addresses of the loopback network for one user of them. Delegations name addresses and no ports, so servers that are found by real
/// recursion stand at port 53: each at an address of its own, where it is in nobody's way.
/// </summary>
internal sealed class LoopbackBlock
{
    private readonly byte[] start;

    public LoopbackBlock()
    {
        // 127.0 and 127.1 are where people put what they run themselves.
        do start = [127, (byte)RandomNumberGenerator.GetInt32(2, 255), (byte)RandomNumberGenerator.GetInt32(0, 254), 0];
        while (Listen(this[1]) == SocketError.AddressAlreadyInUse || Listen(Beyond) == SocketError.AddressAlreadyInUse);
    }

    public IPAddress this[int host] => new([.. start[..3], (byte)host]);

    /// <summary>Next to the block, and not of it.</summary>
    public IPAddress Beyond => new([start[0], start[1], (byte)(start[2] + 1), 1]);

    public string Network => $"{this[0]}/24";

    /// <summary>Port 53 takes root, or a system that lets everybody have it.</summary>
    public static bool Allowed => Listen(IPAddress.Parse("127.53.53.53")) != SocketError.AccessDenied;

    private static SocketError Listen(IPAddress address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, 53));
            return SocketError.Success;
        }
        catch (SocketException problem)
        {
            return problem.SocketErrorCode;
        }
    }
}
