using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BlockList.Agent.Dns;

/// <summary>Asks one server one question: whether a name is blocked is seen by asking, not by reading a configuration.</summary>
internal static class DnsProbe
{
    private const int LongestMessage = 65_535;

    /// <summary>A datagram may get lost on the way to a resolver that is well.</summary>
    private const int Attempts = 2;

    /// <summary>UDP first, TCP if the answer was cut off. Fails with <see cref="DnsProbeException"/> only, or with cancellation by the caller.</summary>
    public static async Task<DnsAnswer> QueryAsync(IPEndPoint server, string name, DnsType type, TimeSpan timeout, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var question = new DnsQuestion((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name, type);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(timeout / Attempts);
            try
            {
                return await QueryAsync(server, question, limit.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                if (attempt == Attempts)
                    throw new DnsProbeException($"{server} did not answer within {timeout.TotalSeconds:0.#} seconds.");
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                throw new DnsProbeException($"{server} cannot be asked: {failure.Message}.", failure);
            }
        }
    }

    private static async Task<DnsAnswer> QueryAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        var message = await OverUdpAsync(server, question, ct);
        if (DnsMessage.IsTruncated(message.Span))
            message = await OverTcpAsync(server, question, ct);
        return DnsMessage.Read(message.Span, question);
    }

    private static async Task<ReadOnlyMemory<byte>> OverUdpAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket hears only this server, and hears at once that nobody listens there.
        await socket.ConnectAsync(server, ct);
        await socket.SendAsync(question.ToBytes(), ct);
        var buffer = new byte[LongestMessage];
        while (true)
        {
            var message = buffer.AsMemory(0, await socket.ReceiveAsync(buffer, ct));
            if (DnsMessage.Answers(message.Span, question))
                return message;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> OverTcpAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, ct);
        await using var stream = new NetworkStream(socket);
        var query = question.ToBytes();
        var framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, ct);

        var length = new byte[2];
        await stream.ReadExactlyAsync(length, ct);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, ct);
        return DnsMessage.Answers(message, question)
            ? message
            : throw new DnsProbeException($"{server} answered something else over TCP.");
    }
}
