using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>Answers as the labels of the question say: as no honest server would, or, where none of them is known, well.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly UdpClient udp;
    private readonly TcpListener tcp;
    private readonly Task serving;
    private readonly ConcurrentQueue<string> asked = new();

    public HostileServer(IPAddress address)
    {
        udp = new UdpClient(new IPEndPoint(address, 53));
        tcp = new TcpListener(address, 53);
        tcp.Start();
        serving = Task.WhenAll(Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync));
    }

    /// <summary>The names that were asked, in their order, UDP and TCP.</summary>
    public IReadOnlyCollection<string> Asked => asked;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        udp.Dispose();
        tcp.Dispose();
        await serving;
        ending.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var query = await udp.ReceiveAsync(ending.Token);
                foreach (var packet in AnswerByUdp(Question.Read(query.Buffer))) await udp.SendAsync(packet, query.RemoteEndPoint, ending.Token);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A socket that was closed on the other side, or the end.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(ServeAsync(await tcp.AcceptTcpClientAsync(ending.Token)));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (true)
            {
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, ending.Token);
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(message, ending.Token);
                var question = Question.Read(message);
                asked.Enqueue(question.Name);
                if (question.Has("refused-tcp")) return;
                var answer = question.Has("flood") ? Message.Flood(question) : Message.Well(question);
                byte[] framed = [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
                if (!question.Has("drip"))
                {
                    await stream.WriteAsync(framed, ending.Token);
                    continue;
                }
                foreach (var octet in framed)
                {
                    await stream.WriteAsync(new[] { octet }, ending.Token);
                    await Task.Delay(500, ending.Token);
                }
            }
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or SocketException)
        {
            // The other side has heard enough.
        }
    }

    private IEnumerable<byte[]> AnswerByUdp(Question question)
    {
        asked.Enqueue(question.Name);
        if (question.Has("random")) return [RandomNumberGenerator.GetBytes(100)];
        if (question.Has("short")) return [Message.Well(question)[..7]];
        if (question.Has("pointer")) return [Message.PointerToItself(question)];
        if (question.Has("overrun")) return [Message.LongerThanItIs(question)];
        if (question.Has("counts")) return [Message.MoreRecordsThanThereAre(question)];
        if (question.Has("other-id")) return [Message.Well(question with { Id = (ushort)(question.Id + 1) })];
        if (question.Has("other-question")) return [Message.Well(question with { Name = "other.example" })];
        if (question.Has("swarm")) return [.. Enumerable.Range(1, 100).Select(i => Message.Text(question with { Id = (ushort)(question.Id + i) }, "forged")), Message.Well(question)];
        if (question.Has("self")) return [Message.Alias(question, question.Name)];
        if (question.Has("ring-a")) return [Message.Alias(question, question.Name.Replace("ring-a", "ring-b", StringComparison.Ordinal))];
        if (question.Has("ring-b")) return [Message.Alias(question, question.Name.Replace("ring-b", "ring-a", StringComparison.Ordinal))];
        if (question.Name.StartsWith("chain", StringComparison.Ordinal)) return [Message.Alias(question, $"chain{int.Parse(question.Name[5..question.Name.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture) + 1}.hostile.example")];
        if (question.Has("refused-tcp") || question.Has("drip") || question.Has("flood") || question.Has("long")) return [Message.Truncated(question)];
        if (question.Has("mute")) return [];
        if (question.Has("failure")) return [Message.Failure(question)];
        if (question.Has("poison")) return [Message.WithForeignRecord(question)];
        return question.Name.EndsWith("upward.example", StringComparison.Ordinal) ? [Message.Upward(question)] : [Message.Well(question)];
    }
}
