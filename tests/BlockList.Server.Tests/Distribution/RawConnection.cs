using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>A connection on which a test writes what no decent program would.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket socket;

    private RawConnection(Socket socket, SslStream tls) => (this.socket, Tls) = (socket, tls);

    public SslStream Tls { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="node">Where to.</param>
    /// <param name="certificate">Who.</param>
    /// <param name="address">Of another node.</param>
    /// <param name="from">An address of the loopback network.</param>
    /// <param name="protocol">Of HTTP, as TLS offers it.</param>
    public static async Task<RawConnection> OpenAsync(DistributionNode node, X509Certificate2 certificate, Uri? address = null, string from = "127.0.0.1", SslApplicationProtocol? protocol = null)
    {
        var socket = await KnockAsync(address ?? node.Address, from);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = protocol is { } one ? [one] : null,
            ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { node.ServerAuthority }, RevocationMode = X509RevocationMode.NoCheck },
        }, Ct);
        return new RawConnection(socket, tls);
    }

    /// <summary>Connects, and says nothing.</summary>
    public static async Task<Socket> KnockAsync(Uri address, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), Ct);
        return socket;
    }

    public ValueTask WriteAsync(string text) => Tls.WriteAsync(Encoding.Latin1.GetBytes(text), Ct);

    /// <summary>All that comes until the other side ends the connection, in order or not.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var said = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await Tls.ReadAsync(buffer, Ct) is > 0 and var count) said.Write(buffer, 0, count);
        }
        catch (IOException)
        {
            // Ended out of order.
        }
        return Encoding.Latin1.GetString(said.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await Tls.DisposeAsync();
        socket.Dispose();
    }
}
