using System.Net;
using System.Text.Json.Nodes;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Development;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlockList.Tools.Conformance.Serving;

/// <summary>Serves one vector after another over real mutual TLS on a loopback port.</summary>
internal sealed class VectorServer : IAsyncDisposable
{
    private const string FilePrefix = "/v1/" + VectorTree.List + "/";

    private readonly WebApplication application;
    private readonly VectorPki pki;

    private VectorServer(WebApplication application, VectorPki pki)
    {
        this.application = application;
        this.pki = pki;
    }

    public string Address => application.Urls.Single();

    /// <summary>What is served now.</summary>
    public Vector? Vector { get; set; }

    public static async Task<VectorServer> StartAsync(VectorPki pki, CancellationToken ct)
    {
        VectorServer? server = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What drips is the server's own doing here.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(https =>
                {
                    https.ServerCertificateSelector = (_, _) => server!.Vector is { Impostor: true } ? pki.Impostor : pki.Server;
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (shown, _, _) => shown.RawDataMemory.Span.SequenceEqual(pki.Client.RawData);
                });
            });
        });
        var application = builder.Build();
        application.Run(context => server!.AnswerAsync(context));
        server = new VectorServer(application, pki);
        await application.StartAsync(ct);
        return server;
    }

    /// <summary>The bundle that an operator would hand to a provider of this vector.</summary>
    public void WriteBundle(StateDirectory state, string directory)
    {
        state.Write(Path.Combine(directory, "bundle.ini"), $"[bundle]\nserver={Address}\nprovider=conformance\nlists={VectorTree.List}\n");
        state.Write(Path.Combine(directory, "ca.pem"), pki.AuthorityPem);
        state.Write(Path.Combine(directory, "certificate.pem"), pki.ClientPem.CertificatePem);
        state.Write(Path.Combine(directory, "key.pem"), pki.ClientPem.KeyPem, secret: true);
        state.Write(Path.Combine(directory, VectorTree.List + ".root.json"), System.Text.Encoding.UTF8.GetString(Vector!.FirstRoot(Vector.Repository.Files["tuf/1.root.json"])));
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        return path switch
        {
            "/v1/whoami" => context.Response.WriteAsJsonAsync(new JsonObject
            {
                ["provider"] = "conformance",
                ["certificate_days_left"] = 90,
                ["lists"] = new JsonArray(VectorTree.List),
                ["deployment"] = VectorTree.Deployment,
            }),
            "/v1/receipts" => Task.CompletedTask,
            _ => ServeAsync(context, path.StartsWith(FilePrefix, StringComparison.Ordinal) ? path[FilePrefix.Length..] : path),
        };
    }

    private Task ServeAsync(HttpContext context, string path)
    {
        var vector = Vector!;
        return vector.ServingOf(path)(context, vector.Repository.Files.GetValueOrDefault(path), vector.Encoding);
    }
}
