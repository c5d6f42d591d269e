using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using BlockList.Agent.Dns;
using BlockList.Tools.Development;

namespace BlockList.Agent.Tests.Dns;

public sealed class DnsProbeTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public DnsProbeTests() => _udp.Bind(new IPEndPoint(IPAddress.Loopback, FreePort.Pick(alsoUdp: true).Port));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IPEndPoint Server => (IPEndPoint)_udp.LocalEndPoint!;

    public void Dispose() => _udp.Dispose();

    [Fact]
    public async Task Guesses_that_arrive_first_are_passed_over()
    {
        var probe = DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, Long, Ct);
        var (question, client) = await ReceiveAsync();
        await _udp.SendToAsync(new byte[3], client, Ct);
        await _udp.SendToAsync(new Answer(new DnsQuestion((ushort)(question.Id + 1), "bad.example", DnsType.A)).Record("bad.example", DnsType.A, [6, 6, 6, 6]).ToBytes(), client, Ct);
        await _udp.SendToAsync(new Answer(question).Record("bad.example", DnsType.A, [192, 0, 2, 1]).ToBytes(), client, Ct);

        Assert.Equal([IPAddress.Parse("192.0.2.1")], (await probe).Addresses);
    }

    [Fact]
    public async Task A_packet_from_another_address_is_not_heard()
    {
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var probe = DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, Long, Ct);
        var (question, client) = await ReceiveAsync();
        await stranger.SendToAsync(new Answer(question).Record("bad.example", DnsType.A, [6, 6, 6, 6]).ToBytes(), client, Ct);
        await _udp.SendToAsync(new Answer(question, flags: 0x8583).ToBytes(), client, Ct);

        var answer = await probe;
        Assert.Empty(answer.Addresses);
        Assert.Equal(DnsAnswer.NameError, answer.RCode);
        Assert.True(answer.Authoritative);
    }

    [Fact]
    public async Task A_lost_datagram_is_sent_again_with_another_id()
    {
        var probe = DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, TimeSpan.FromSeconds(4), Ct);
        var (first, _) = await ReceiveAsync();
        var (second, client) = await ReceiveAsync();
        await _udp.SendToAsync(new Answer(second).ToBytes(), client, Ct);

        Assert.Equal(DnsAnswer.NoError, (await probe).RCode);
        Assert.Equal(first.Name, second.Name);
    }

    [Fact]
    public async Task An_answer_that_was_cut_off_is_fetched_over_TCP()
    {
        using var tcp = new TcpListener(Server);
        tcp.Start();
        var probe = DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, Long, Ct);
        var (question, client) = await ReceiveAsync();
        await _udp.SendToAsync(new Answer(question, flags: 0x8380).ToBytes(), client, Ct);
        using var connection = await tcp.AcceptTcpClientAsync(Ct);
        await using var stream = connection.GetStream();
        var query = new byte[2 + question.ToBytes().Length];
        await stream.ReadExactlyAsync(query, Ct);
        var answer = new Answer(question).Record("bad.example", DnsType.A, [192, 0, 2, 1]).ToBytes();
        await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], Ct);

        Assert.Equal(question.ToBytes(), query[2..]);
        Assert.Equal([IPAddress.Parse("192.0.2.1")], (await probe).Addresses);
    }

    [Fact]
    public async Task A_server_that_hangs_up_in_the_middle_is_a_failed_probe()
    {
        using var tcp = new TcpListener(Server);
        tcp.Start();
        var probe = DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, Long, Ct);
        var (question, client) = await ReceiveAsync();
        await _udp.SendToAsync(new Answer(question, flags: 0x8380).ToBytes(), client, Ct);
        using (var connection = await tcp.AcceptTcpClientAsync(Ct))
            await connection.GetStream().WriteAsync((byte[])[0, 50, 1, 2, 3], Ct);

        await Assert.ThrowsAsync<DnsProbeException>(() => probe);
    }

    [Fact]
    public async Task A_malformed_answer_is_a_failed_probe()
    {
        var probe = DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, Long, Ct);
        var (question, client) = await ReceiveAsync();
        await _udp.SendToAsync(new Answer(question).Record([0xC0, 0xFF], DnsType.A, [1, 2, 3, 4]).ToBytes(), client, Ct);

        await Assert.ThrowsAsync<DnsProbeException>(() => probe);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_failed_probe_at_once()
    {
        var nobody = Server;
        _udp.Dispose();

        await Assert.ThrowsAsync<DnsProbeException>(() => DnsProbe.QueryAsync(nobody, "bad.example", DnsType.A, Long, Ct));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_a_failed_probe_after_the_timeout()
    {
        var failure = await Assert.ThrowsAsync<DnsProbeException>(
            () => DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, TimeSpan.FromMilliseconds(100), Ct));

        Assert.Contains("within 0.1 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_failure_of_the_server()
    {
        using var cancelled = new CancellationTokenSource();
        var probe = DnsProbe.QueryAsync(Server, "bad.example", DnsType.A, Long, cancelled.Token);
        await ReceiveAsync();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
    }

    private async Task<(DnsQuestion Question, EndPoint Client)> ReceiveAsync()
    {
        var buffer = new byte[512];
        var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), Ct);
        return (new DnsQuestion(BinaryPrimitives.ReadUInt16BigEndian(buffer), "bad.example", DnsType.A), received.RemoteEndPoint);
    }
}
