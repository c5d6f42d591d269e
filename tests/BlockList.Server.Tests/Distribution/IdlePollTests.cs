using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>What thousands of agents do most of the time: ask whether anything is new, and hear that nothing is.</summary>
public sealed class IdlePollTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    private const int MostBytes = 500;
    private const string Host = "distribution.example:8443";

    [Fact]
    public async Task Idle_poll_costs_at_most_500_bytes_both_ways()
    {
        var ct = TestContext.Current.CancellationToken;
        await node.PublishTimestampAsync(1234, "{}"u8.ToArray());
        using var certificate = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List));
        using var client = new TcpClient();
        await client.ConnectAsync(node.Address.Host, node.Address.Port, ct);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = node.Address.Host,
            ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { node.ServerAuthority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        }, ct);

        var root = await ExchangeAsync(tls, $"GET /v1/worst-of/tuf/2.root.json HTTP/1.1\r\nHost: {Host}\r\n\r\n", ct);
        var timestamp = await ExchangeAsync(tls, $"GET /v1/worst-of/tuf/timestamp.json HTTP/1.1\r\nHost: {Host}\r\nAccept-Encoding: br, gzip\r\nIf-None-Match: \"1234b\"\r\n\r\n", ct);

        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", root.Answer, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 304 Not Modified\r\n", timestamp.Answer, StringComparison.Ordinal);
        var bytes = root.Bytes + timestamp.Bytes;
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"An idle poll takes {bytes} bytes."));
        Assert.InRange(bytes, 1, MostBytes);
    }

    /// <summary>Both answers end with their head: the one has no body by its length, the other by its status.</summary>
    private static async Task<(int Bytes, string Answer)> ExchangeAsync(SslStream tls, string request, CancellationToken ct)
    {
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request), ct);
        var answer = new StringBuilder();
        var buffer = new byte[2048];
        while (!answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await tls.ReadAsync(buffer, ct);
            Assert.NotEqual(0, count);
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        Assert.EndsWith("\r\n\r\n", answer.ToString(), StringComparison.Ordinal);
        return (request.Length + answer.Length, answer.ToString());
    }
}
