using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using BlockList.Tools.Deployments;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// Stands between an agent and the download endpoint with the server's own key, and counts what passes inside TLS in
/// both directions: heads and bodies as they are, on whatever connections the agent keeps open.
/// </summary>
internal sealed class CountingRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2 server;
    private readonly X509Certificate2 client;
    private readonly int upstream;
    private readonly Task serving;
    private long bytes;

    public CountingRelay(Deployment deployment, DemoProvider provider)
    {
        server = X509Certificate2.CreateFromPemFile(deployment.Pki.ServerCertificateFile, deployment.Pki.ServerKeyFile);
        client = X509Certificate2.CreateFromPemFile(Path.Combine(provider.BundleDirectory, "certificate.pem"), Path.Combine(provider.BundleDirectory, "key.pem"));
        upstream = deployment.DistributionPort;
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Bytes since the last call.</summary>
    public long Take() => Interlocked.Exchange(ref bytes, 0);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        server.Dispose();
        client.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(RelayAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient agent)
    {
        using var closing = agent;
        using var target = new TcpClient();
        try
        {
            await target.ConnectAsync(IPAddress.Loopback, upstream, stop.Token);
            await using var from = new SslStream(agent.GetStream());
            await from.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server, ClientCertificateRequired = true, RemoteCertificateValidationCallback = (_, shown, _, _) => IsExactly(shown, client) }, stop.Token);
            await using var to = new SslStream(target.GetStream());
            await to.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                LocalCertificateSelectionCallback = (_, _, _, _, _) => client,
                RemoteCertificateValidationCallback = (_, shown, _, _) => IsExactly(shown, server),
            }, stop.Token);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            var done = await Task.WhenAny(PumpAsync(from, to, ended.Token), PumpAsync(to, from, ended.Token));
            await done;
            await ended.CancelAsync();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException)
        {
            // A connection that ends is the ordinary end of a poll.
        }
    }

    private static bool IsExactly(X509Certificate? shown, X509Certificate2 expected) => shown?.GetRawCertData().AsSpan().SequenceEqual(expected.RawData) == true;

    private async Task PumpAsync(SslStream from, SslStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            Interlocked.Add(ref bytes, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
