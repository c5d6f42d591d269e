using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using BlockList.Format;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>Repositories over real mutual TLS on the loopback address, and every way to misbehave.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentDictionary<string, TestRepository> repositories = new(StringComparer.Ordinal);

    private TestServer(WebApplication application) => this.application = application;

    public Uri Address => new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Paths that were asked for, in order, below the address.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<JsonObject> Receipts { get; } = new();

    /// <summary>Of a receipt; with any other it is refused, as servers do. Null: it takes all.</summary>
    public string[]? KnownFields { get; set; }

    public int ReceiptStatus { get; set; } = StatusCodes.Status200OK;

    /// <summary>Answers instead of the repository where it returns true.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>Changes the bytes of a file before they are encoded and sent.</summary>
    public Func<string, byte[], byte[]> Tamper { get; set; } = (_, bytes) => bytes;

    public TrafficCount Traffic { get; } = new();

    public static async Task<TestServer> StartAsync(TestPki pki, params TestRepository[] served)
    {
        TestServer? server = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = pki.Server;
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == pki.Authority.Subject;
                });
                listen.Use(next => connection => server!.Traffic.CountAsync(connection, next));
            });
        });
        var application = builder.Build();
        application.Run(context => server!.AnswerAsync(context));
        server = new TestServer(application);
        foreach (var repository in served) server.repositories[repository.List] = repository;
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        Requests.Enqueue(path);
        if (await Intercept(context)) return;
        if (path == "v1/whoami") await WhoAmIAsync(context);
        else if (path == "v1/receipts") await TakeReceiptAsync(context);
        else await FileAsync(context, path);
    }

    private Task WhoAmIAsync(HttpContext context)
    {
        var first = repositories.Values.First();
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject
        {
            ["provider"] = "Provider One",
            ["certificate_days_left"] = 90,
            ["lists"] = new JsonArray([.. repositories.Keys.Select(k => (JsonNode)k)]),
            ["deployment"] = first.DeploymentName,
        }.ToJsonString());
    }

    private async Task TakeReceiptAsync(HttpContext context)
    {
        context.Response.StatusCode = ReceiptStatus;
        if (ReceiptStatus != StatusCodes.Status200OK) return;
        var receipt = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
        if (KnownFields is null || receipt.All(f => KnownFields.Contains(f.Key)))
        {
            Receipts.Enqueue(receipt);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/problem+json";
        await context.Response.WriteAsync("""{"type":"urn:blocklist:problem:receipt-malformed","title":"The receipt cannot be read","status":400,"detail":"There is no such field."}""");
    }

    private async Task FileAsync(HttpContext context, string path)
    {
        var parts = path.Split('/', 3);
        if (parts.Length != 3 || !repositories.TryGetValue(parts[1], out var repository) || !repository.Files.TryGetValue(parts[2], out var bytes))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.CacheControl = "no-store";
            return;
        }
        await SendAsync(context, Tamper(parts[2], bytes));
    }

    /// <summary>Brotli where it is accepted, with a strong tag of that encoding.</summary>
    public static async Task SendAsync(HttpContext context, byte[] bytes)
    {
        var compress = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        var etag = $"\"{Hashes.Sha256(bytes)[..16]}{(compress ? "-br" : "")}\"";
        context.Response.Headers.ETag = etag;
        if (context.Request.Headers.IfNoneMatch == etag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (compress)
        {
            context.Response.Headers.ContentEncoding = "br";
            bytes = Brotli(bytes);
        }
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes);
    }

    public static byte[] Brotli(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true)) brotli.Write(bytes);
        return packed.ToArray();
    }
}
