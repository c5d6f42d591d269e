using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using BlockList.Server.Http.ClientCertificates;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>A provider's program: one certificate, at most one open connection, and a count of how many it had to open.</summary>
internal sealed class ProviderConnection : IDisposable
{
    private readonly HttpClient _http;
    private int _opened;

    public ProviderConnection(Uri address, X509Certificate2 authority, X509Certificate2? certificate)
    {
        Certificate = certificate;
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (context, ct) =>
            {
                Interlocked.Increment(ref _opened);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (certificate is not null) handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        _http = new HttpClient(handler) { BaseAddress = address };
    }

    public X509Certificate2? Certificate { get; }

    public string Sha256 => ClientCertificate.Sha256(Certificate!);

    public int ConnectionsOpened => _opened;

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? acceptEncoding = null, string? ifNoneMatch = null, HttpContent? content = null, Version? version = null, IReadOnlyList<(string Name, string Value)>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content, Version = version ?? HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (acceptEncoding is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        foreach (var (name, value) in headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? acceptEncoding = null, string? ifNoneMatch = null) =>
        SendAsync(HttpMethod.Get, path, acceptEncoding, ifNoneMatch);

    /// <summary>Does not wait for the body, which may have no end.</summary>
    public Task<HttpResponseMessage> SendHeadersAsync(string path) =>
        _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// <summary>Expects a refusal and returns the last part of its <c>type</c> and its <c>detail</c>.</summary>
    public static async Task<(string Code, string Detail)> ProblemAsync(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.Forbidden)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoStore);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal((int)status, document.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(document.RootElement.GetProperty("title").GetString()!);
        return (document.RootElement.GetProperty("type").GetString()!.Replace("urn:blocklist:problem:", "", StringComparison.Ordinal),
            document.RootElement.GetProperty("detail").GetString()!);
    }

    public void Dispose() => _http.Dispose();
}
