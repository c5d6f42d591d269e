using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using BlockList.Server.Http.ClientCertificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>What somebody does who wants the others to get nothing: with a certificate or without one. In each test another provider is answered meanwhile.</summary>
public sealed class AbuseTests(DistributionNode node) : IClassFixture<DistributionNode>, IAsyncLifetime
{
    private const string Timestamp = "/v1/worst-of/tuf/timestamp.json";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await node.PublishTimestampAsync(1, "{}"u8.ToArray());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Network_whose_connections_say_nothing_keeps_nobody_else_out()
    {
        await using var app = await StartAsync(("Distribution:OpeningPerNetwork", "10"));
        var address = DistributionNode.AddressOf(app);
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < 10; i++) silent.Add(await RawConnection.KnockAsync(address, "127.0.0.9"));
            using var eleventh = await RawConnection.KnockAsync(address, "127.0.0.9");
            Assert.True(await IsClosedAsync(eleventh));
            Assert.Contains(node.Log.At(LogLevel.Warning), line => line.Contains("127.0.0.9 has 10 connections open here that show no certificate", StringComparison.Ordinal));
            await OthersAreAnsweredAsync(address);

            // One that ends makes room.
            silent[0].Dispose();
            Socket another;
            do
            {
                another = await RawConnection.KnockAsync(address, "127.0.0.9");
                await Task.Delay(20, Ct);
            }
            while (await IsClosedAsync(another, patience: TimeSpan.FromMilliseconds(200)));
            silent.Add(another);
        }
        finally
        {
            foreach (var socket in silent) socket.Dispose();
        }
    }

    [Fact]
    public async Task Connections_that_showed_a_certificate_count_no_more()
    {
        await using var app = await StartAsync(("Distribution:OpeningPerNetwork", "10"));
        var address = DistributionNode.AddressOf(app);
        using var certificate = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List));
        var open = new List<RawConnection>();
        try
        {
            for (var i = 0; i < 30; i++) open.Add(await RawConnection.OpenAsync(node, certificate, address));
            await OthersAreAnsweredAsync(address);
        }
        finally
        {
            foreach (var connection in open) await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Head_that_comes_letter_by_letter_ends_without_an_answer_to_wait_for()
    {
        using var certificate = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List));
        await using var slow = await RawConnection.OpenAsync(node, certificate);
        await slow.WriteAsync($"GET {Timestamp} HTTP/1.1\r\nHost: local");
        var answer = slow.ReadToEndAsync();
        await OthersAreAnsweredAsync(node.Address);
        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadRequests => new()
    {
        { $"GET /{new string('a', 3000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", "414" },
        { $"GET {Timestamp} HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 9000)}\r\n\r\n", "431" },
        { $"GET {Timestamp} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X{i}: a\r\n"))}\r\n", "431" },
        { $"GET {Timestamp} HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n", "400" },
        { $"GET {Timestamp} HTTP/1.1\r\n\r\n", "400" },
        { $"GET {Timestamp}\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "POST /v1/receipts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400" },
        { "POST /v1/receipts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n", "413" },
        { "GET /v1/worst-of/targets/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404" },
        { "GET /v1/worst-of/tuf/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404" },
        { "GET /v1/worst-of//tuf/timestamp.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404" },
        { "GET /v1/worst-of/tuf\\timestamp.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404" },
        { "GET /v1/worst-of/tuf/timestamp.json%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400" },
        { "GET http://elsewhere.example/v1/worst-of/tuf/nothing.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400" },
        { "BREW /v1/whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404" },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Request_that_breaks_a_rule_is_refused_and_shows_no_internals(string request, string status)
    {
        using var certificate = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List));
        await using var connection = await RawConnection.OpenAsync(node, certificate);
        await connection.WriteAsync(request);
        var answer = await connection.ReadToEndAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        await OthersAreAnsweredAsync(node.Address);
    }

    [Fact]
    public async Task Streams_that_are_opened_and_reset_without_end_cost_their_own_connection()
    {
        using var certificate = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List));
        await using var connection = await RawConnection.OpenAsync(node, certificate, protocol: SslApplicationProtocol.Http2);
        await connection.Tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Ct);
        await connection.Tls.WriteAsync(Frame(4, 0, 0, []), Ct);
        // :method GET, :scheme https, :path /, :authority localhost (RFC 7541, appendix A).
        byte[] head = [0x82, 0x87, 0x84, 0x41, 9, .. "localhost"u8];
        var ended = connection.ReadToEndAsync();
        var opened = 0;
        try
        {
            for (var stream = 1; stream < 200_001 && !ended.IsCompleted; stream += 2)
            {
                opened++;
                await connection.Tls.WriteAsync((byte[])[.. Frame(1, 0x5, stream, head), .. Frame(3, 0, stream, [0, 0, 0, 8])], Ct);
            }
        }
        catch (IOException)
        {
            // Closed by the server in the middle.
        }
        await OthersAreAnsweredAsync(node.Address);
        // Ended by the server, long before the last; whether its GOAWAY (ENHANCE_YOUR_CALM) still arrives is up to TCP.
        await ended;
        Assert.InRange(opened, 1, 50_000);
        Assert.InRange((await node.RowsAsync(ClientCertificate.Sha256(certificate))).Count, 0, opened);
    }

    /// <summary>The incident "overloaded by its own subscribers": everybody polls in the same moment, and is answered.</summary>
    [Fact]
    public async Task Everybody_at_once_is_answered_or_told_when_to_come_again()
    {
        using var certificate = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List));
        await using var app = await StartAsync(("Distribution:OpeningPerNetwork", "10"));
        var address = DistributionNode.AddressOf(app);
        // Each from a network of its own, with one certificate whose share is smaller than the crowd.
        await using var strict = node.Build(100, new() { ["Distribution:OpeningPerNetwork"] = "10" });
        await strict.StartAsync(Ct);
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            await using var connection = await RawConnection.OpenAsync(node, certificate, i % 2 == 0 ? address : DistributionNode.AddressOf(strict), $"127.0.{1 + (i / 200)}.{1 + (i % 200)}");
            await connection.WriteAsync($"GET {Timestamp} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return await connection.ReadToEndAsync();
        }, Ct)));
        Assert.Equal(200, answers.Where((_, i) => i % 2 == 0).Count(answer => answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)));
        var limited = answers.Where((_, i) => i % 2 != 0).ToArray();
        Assert.Equal(100, limited.Count(answer => answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)));
        Assert.Equal(100, limited.Count(answer => answer.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal) && answer.Contains("Retry-After: ", StringComparison.Ordinal)));
    }

    private async Task<WebApplication> StartAsync(params (string Setting, string Value)[] changes)
    {
        var app = node.Build(100_000, changes.ToDictionary(change => change.Setting, change => (string?)change.Value));
        await app.StartAsync(Ct);
        return app;
    }

    private async Task OthersAreAnsweredAsync(Uri address)
    {
        using var other = node.Connect(await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List)), address);
        using var answer = await other.GetAsync(Timestamp);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<bool> IsClosedAsync(Socket socket, TimeSpan? patience = null)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Ct).AsTask().WaitAsync(patience ?? TimeSpan.FromSeconds(30), Ct) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }
}
