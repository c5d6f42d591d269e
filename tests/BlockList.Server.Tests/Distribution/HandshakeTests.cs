using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BlockList.Server.Http.ClientCertificates;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

public sealed class HandshakeTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Certificate_of_our_authority_is_let_in(SslProtocols protocol)
    {
        using var certificate = node.Clients.Issue("provider");

        var answer = await AskAsync(certificate, protocol);

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Contains("certificate-unknown", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_a_foreign_authority_is_refused_in_the_handshake_and_logged()
    {
        using var foreign = new TestAuthority("Clients of the test");
        using var certificate = foreign.Issue("provider");

        await RefusedAsync(certificate);

        Assert.Empty(await node.RowsAsync(ClientCertificate.Sha256(certificate)));
    }

    [Fact]
    public async Task Self_signed_certificate_is_refused_in_the_handshake()
    {
        using var lonely = new TestAuthority("provider");

        await RefusedAsync(lonely.SelfWithKey);
    }

    [Fact]
    public async Task Connection_without_a_certificate_is_refused_in_the_handshake()
    {
        await BrokenAsync(null);

        Assert.Contains(node.Log.At(LogLevel.Information), line => line.Contains("A connection without a client certificate was refused", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TestAuthority.ForServers)]
    [InlineData(null)]
    public async Task Certificate_for_another_purpose_or_none_is_refused_in_the_handshake(string? purpose)
    {
        using var certificate = node.Clients.Issue("provider", purpose);

        await RefusedAsync(certificate);
    }

    [Fact]
    public async Task Certificate_of_an_authority_below_ours_is_refused_in_the_handshake()
    {
        using var below = node.Clients.IssueAuthority("Clients of somebody's");
        using var certificate = below.Issue("provider");

        var refusal = await Record.ExceptionAsync(() => AskAsync(certificate, SslProtocols.None, below.Certificate));

        Assert.True(refusal is AuthenticationException or IOException, refusal?.ToString() ?? "The connection was let in.");
        Assert.Contains(node.Log.At(LogLevel.Warning), line => line.Contains($"{ClientCertificate.Sha256(certificate)} was refused in the handshake: not signed by our authority itself", StringComparison.Ordinal));
    }

    /// <summary>By openssl, since our own side of such a connection would refuse the key itself.</summary>
    [Theory]
    [InlineData(1024, false)]
    [InlineData(2048, true)]
    public async Task Certificate_with_a_weak_key_is_refused_in_the_handshake(int bits, bool isLetIn)
    {
        var (certificate, key) = node.Clients.IssueRsa("provider", bits);
        var start = new System.Diagnostics.ProcessStartInfo("openssl", ["s_client", "-quiet", "-connect", $"127.0.0.1:{node.Address.Port}", "-cipher", "DEFAULT@SECLEVEL=0",
            "-cert", node.Write($"rsa-{bits}.pem", certificate), "-key", node.Write($"rsa-{bits}.key", key)]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var client = await BlockList.Tools.Development.Spawner.StartAsync(start);
        await client.StandardInput.WriteAsync("GET /v1/whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await client.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        var (answer, trouble) = (await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), await client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StartsWith("HTTP/1.1 403 ", StringComparison.Ordinal) == isLetIn, answer + trouble);
    }

    /// <summary>Two of one name are two: what counts is the certificate.</summary>
    [Fact]
    public async Task Second_certificate_of_the_same_name_is_unknown()
    {
        using var enrolled = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List), node.Clients.Issue("twin"));
        using var twin = node.Clients.Issue("twin");

        Assert.Contains("\"provider\"", await AskAsync(enrolled, SslProtocols.None), StringComparison.Ordinal);
        Assert.Contains("certificate-unknown", await AskAsync(twin, SslProtocols.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_protocol_versions_are_refused()
    {
        using var certificate = node.Clients.Issue("provider");

#pragma warning disable CA5397, SYSLIB0039 // The point is that it does not work.
        await BrokenAsync(certificate, SslProtocols.Tls11);
#pragma warning restore CA5397, SYSLIB0039
    }

    private async Task RefusedAsync(X509Certificate2 certificate)
    {
        await BrokenAsync(certificate);

        var sha256 = ClientCertificate.Sha256(certificate);
        Assert.Contains(node.Log.At(LogLevel.Warning), line => line.Contains($"{sha256} was refused in the handshake", StringComparison.Ordinal));
    }

    private async Task BrokenAsync(X509Certificate2? certificate, SslProtocols protocol = SslProtocols.None)
    {
        // In TLS 1.3 a client learns of it with its first read, before that in the handshake.
        var refusal = await Record.ExceptionAsync(() => AskAsync(certificate, protocol));

        Assert.True(refusal is AuthenticationException or IOException, refusal?.ToString() ?? "The connection was let in.");
    }

    /// <summary>Everything that the server says to one request, or the failure of the connection.</summary>
    private async Task<string> AskAsync(X509Certificate2? certificate, SslProtocols protocol, X509Certificate2? between = null)
    {
        var ct = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(node.Address.Host, node.Address.Port, ct);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = node.Address.Host,
            EnabledSslProtocols = protocol,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, between is null ? null : [between], offline: true),
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { node.ServerAuthority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        }, ct);
        await tls.WriteAsync(Encoding.ASCII.GetBytes("GET /v1/whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), ct);
        using var reader = new StreamReader(tls, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(ct);
        return answer.Length > 0 ? answer : throw new IOException("the server closed the connection without a word");
    }
}
