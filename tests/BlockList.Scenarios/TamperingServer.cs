using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>
/// A server that has the operator's TLS key and passes everything on unchanged, but for one bit in one byte of the
/// files that a test names. Whoever holds that key must gain nothing by it.
/// </summary>
internal sealed class TamperingServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TamperingServer(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>Files whose path contains this are changed.</summary>
    public string Tampered { get; set; } = "nothing";

    /// <summary>How many answers were changed.</summary>
    public int Changes { get; private set; }

    public static async Task<TamperingServer> StartAsync(Installation installation, ProviderClient upstream)
    {
        var pki = installation.Deployment.Pki;
        var certificate = X509Certificate2.CreateFromPemFile(pki.ServerCertificateFile, pki.ServerKeyFile);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.SslProtocols = SslProtocols.None;
            https.OnAuthenticate = (_, options) => options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        })));
        var app = builder.Build();
        var server = new TamperingServer(app);
        app.Run(context => server.AnswerAsync(context, upstream));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, ProviderClient upstream)
    {
        var parts = context.Request.Path.Value!.Split('/', 4);
        if (parts is not [_, "v1", var list, var path])
        {
            await context.Response.WriteAsJsonAsync(new { provider = "demo-isp", certificate_days_left = 90, lists = Tools.Deployments.DevelopmentKeys.Followed, deployment = "" });
            return;
        }
        var content = await upstream.FindAsync(list, path);
        if (content is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (path.Contains(Tampered, StringComparison.Ordinal))
        {
            Changes++;
            content = FlipInSignedContent(content);
        }
        await context.Response.Body.WriteAsync(content);
    }

    /// <summary>Changes one digit or letter inside what is signed, so that the file stays well-formed: a parser must not
    /// be what saves the client.</summary>
    private static byte[] FlipInSignedContent(byte[] content)
    {
        var changed = (byte[])content.Clone();
        var text = System.Text.Encoding.ASCII.GetString(content);
        var expires = text.IndexOf("\"expires\":\"20", StringComparison.Ordinal);
        // In metadata the last digit of the expiry's year; in a list or delta the first letter of the last line.
        var at = expires >= 0 ? expires + "\"expires\":\"202".Length : text.TrimEnd('\n').LastIndexOf('\n') + 2;
        changed[at] ^= 1;
        return changed;
    }
}
