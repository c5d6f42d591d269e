using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>A real HAProxy in front of a node, configured as docs/runbook.md has it: providers show it their certificates, and it hands them on.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private readonly StateDirectory state;
    private readonly ManagedProcess process;

    private HaProxy(StateDirectory state, ManagedProcess process, int port) => (this.state, this.process, Address) = (state, process, new Uri($"https://localhost:{port}"));

    public Uri Address { get; }

    /// <param name="node">Whose authorities it goes by.</param>
    /// <param name="role">Where the node listens.</param>
    /// <param name="own">The certificate with which it connects to the node.</param>
    public static async Task<HaProxy> StartAsync(DistributionNode node, Uri role, X509Certificate2 own)
    {
        var state = StateDirectory.Temporary();
        var port = FreePort.Pick().Port;
        using var server = node.Servers.Server();
        string Pem(string name, X509Certificate2 certificate) => state.Write(state.File(name), certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem() + "\n", secret: true);
        var configuration = state.Write(state.File("haproxy.cfg"), string.Create(CultureInfo.InvariantCulture, $$"""
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s

            frontend providers
              bind 127.0.0.1:{{port}} ssl crt {{Pem("server.pem", server)}} ca-file {{Pem("clients.pem", node.Clients.Certificate)}} verify required crt-ignore-err 9,10 alpn http/1.1 ssl-min-ver TLSv1.2
              http-request set-header Client-Cert ":%[ssl_c_der,base64]:"
              default_backend role

            backend role
              server node 127.0.0.1:{{role.Port}} ssl verify required ca-file {{Pem("servers.pem", node.Servers.Certificate)}} verifyhost localhost crt {{Pem("proxy.pem", own)}}

            """));
        var process = await ManagedProcess.StartAsync(state, new ProgramStart("haproxy", ["/usr/sbin/haproxy", "-db", "-f", configuration]), TestContext.Current.CancellationToken);
        var started = new HaProxy(state, process, port);
        try
        {
            for (var clock = System.Diagnostics.Stopwatch.StartNew(); !await ListensAsync(port); await Task.Delay(20, TestContext.Current.CancellationToken))
                Assert.True(process.ExitCode is null && clock.Elapsed < TimeSpan.FromSeconds(20), "HAProxy did not start");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        state.Dispose();
    }

    private static async Task<bool> ListensAsync(int port)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(System.Net.IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
