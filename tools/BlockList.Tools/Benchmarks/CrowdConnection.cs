using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BlockList.Tools.Benchmarks;

/// <param name="Status">Of the answer.</param>
/// <param name="RetryAfter">Whether it says when to come again.</param>
/// <param name="ETag">With its quotation marks.</param>
/// <param name="Body">As it came.</param>
internal sealed record CrowdAnswer(int Status, bool RetryAfter, string? ETag, byte[] Body);

/// <summary>The least of a client: one TLS connection and HTTP/1.1 on it, so that ten thousand of them fit beside the server on one machine.</summary>
internal sealed class CrowdConnection : IAsyncDisposable
{
    private const int LongestHead = 8 * 1024;

    private readonly Socket socket;
    private readonly SslStream tls;
    private byte[] read = [];

    private CrowdConnection(Socket socket, SslStream tls) => (this.socket, this.tls) = (socket, tls);

    public static async Task<CrowdConnection> OpenAsync(IPAddress from, int port, SslStreamCertificateContext own, X509Certificate2 authority, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificateContext = own,
                AllowTlsResume = false,
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
            }, cancellationToken);
            return new CrowdConnection(socket, tls);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<CrowdAnswer> GetAsync(string path, CancellationToken cancellationToken, string? etag = null)
    {
        await SendAsync(path, etag, cancellationToken);
        var (status, head) = await ReadHeadAsync(cancellationToken);
        var length = status == 304 ? 0 : int.Parse(HeaderOf(head, "content-length") ?? throw new InvalidDataException($"no length: {head}"), CultureInfo.InvariantCulture);
        return new CrowdAnswer(status, HeaderOf(head, "retry-after") is not null, HeaderOf(head, "etag"), await TakeAsync(length, cancellationToken));
    }

    /// <summary>Opens an answer that goes on; what comes of it is read by <see cref="ReadEventsAsync"/>.</summary>
    public async Task<int> ListenAsync(string path, CancellationToken cancellationToken)
    {
        await SendAsync(path, null, cancellationToken);
        return (await ReadHeadAsync(cancellationToken)).Status;
    }

    /// <summary>Whatever came next, at least one byte of it; empty at the end.</summary>
    public async Task<string> ReadEventsAsync(CancellationToken cancellationToken)
    {
        if (read.Length == 0 && !await ReadMoreAsync(cancellationToken)) return "";
        var text = Encoding.ASCII.GetString(read);
        read = [];
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await tls.DisposeAsync();
        socket.Dispose();
    }

    private ValueTask SendAsync(string path, string? etag, CancellationToken cancellationToken) =>
        tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(etag is null ? "" : $"If-None-Match: {etag}\r\n")}\r\n"), cancellationToken);

    private async Task<(int Status, string Head)> ReadHeadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = read.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (read.Length > LongestHead || !await ReadMoreAsync(cancellationToken)) throw new IOException("the connection ended before an answer");
        }
        var head = Encoding.ASCII.GetString(read, 0, end + 2);
        read = read[(end + 4)..];
        return (int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), head);
    }

    private async Task<byte[]> TakeAsync(int length, CancellationToken cancellationToken)
    {
        if (length == 0) return [];
        var body = new byte[length];
        var have = Math.Min(length, read.Length);
        read.AsSpan(0, have).CopyTo(body);
        read = read[have..];
        await tls.ReadExactlyAsync(body.AsMemory(have), cancellationToken);
        return body;
    }

    private async Task<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        var count = await tls.ReadAsync(buffer, cancellationToken);
        read = [.. read, .. buffer.AsSpan(0, count)];
        return count > 0;
    }

    private static string? HeaderOf(string head, string name)
    {
        foreach (var line in head.Split("\r\n"))
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) return line[(name.Length + 1)..].Trim();
        return null;
    }
}
