using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using BlockList.Server.Http.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Http;

public sealed class StaticFilesTests : IAsyncLifetime
{
    private readonly HttpClient client = new();
    private WebApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Use(StaticFiles.AnswerAsync);
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        client.BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("app.css", "text/css")]
    [InlineData("app.js", "text/javascript")]
    [InlineData("passkeys.js", "text/javascript")]
    [InlineData("htmx.min.js", "text/javascript")]
    [InlineData("portal.css", "text/css")]
    [InlineData("portal.js", "text/javascript")]
    [InlineData("icon.svg", "image/svg+xml")]
    public async Task Every_file_has_its_type_and_may_be_kept_for_a_year(string name, string type)
    {
        using var answer = await GetAsync(StaticFiles.Address(name));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.NonValidated["Cache-Control"].ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(answer.Content.Headers.ContentLength, (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Compressed_forms_are_the_same_file_with_tags_of_their_own()
    {
        var address = StaticFiles.Address("app.css");
        using var plain = await GetAsync(address);
        using var brotli = await GetAsync(address, encodings: "gzip, br");
        using var gzip = await GetAsync(address, encodings: "gzip");

        var content = await plain.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(["br"], brotli.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], gzip.Content.Headers.ContentEncoding);
        Assert.Equal(content, await ReadAsync(new BrotliStream(await brotli.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress)));
        Assert.Equal(content, await ReadAsync(new GZipStream(await gzip.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress)));
        Assert.Equal(3, new[] { plain, brotli, gzip }.Select(answer => answer.Headers.ETag!.Tag).Distinct().Count());
        Assert.All([plain, brotli, gzip], answer => Assert.Contains("Accept-Encoding", answer.Headers.Vary));
    }

    [Fact]
    public async Task File_that_the_browser_has_is_not_sent_again()
    {
        var address = StaticFiles.Address("app.js");
        using var first = await GetAsync(address, encodings: "br");

        using var second = await GetAsync(address, encodings: "br", known: first.Headers.ETag);
        using var other = await GetAsync(address, encodings: "gzip", known: first.Headers.ETag);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Page_of_another_build_gets_the_file_there_is_and_does_not_keep_it()
    {
        using var answer = await GetAsync("/lib/0123456789abcdef/app.css");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-cache", answer.Headers.NonValidated["Cache-Control"].ToString());
    }

    [Theory]
    [InlineData("/lib/x/../../app.css")]
    [InlineData("/lib/x/..%2fapp.css")]
    [InlineData("/lib/x/%2e%2e/app.css")]
    [InlineData("/lib//x/app.css")]
    [InlineData("/lib/x/app.css/")]
    [InlineData("/lib/x/app.css%00")]
    [InlineData("/lib/x/App.css")]
    [InlineData("/lib/app.css")]
    [InlineData("/lib/x/..\\app.css")]
    [InlineData("/lib/x/blocklist.dll")]
    [InlineData("/lib/x/")]
    public async Task Nothing_but_the_named_files_is_ever_sent(string path)
    {
        // Written by hand: a client library would tidy the path.
        using var connection = new TcpClient();
        await connection.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        var status = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split(' ')[1];

        Assert.True(status is "418" or "400", $"{path} was answered with {status}");
    }

    [Fact]
    public async Task Only_reading_is_answered_and_a_head_has_no_body()
    {
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, StaticFiles.Address("app.css")), TestContext.Current.CancellationToken);
        using var post = await client.PostAsync(StaticFiles.Address("app.css"), null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 10_000);
        Assert.Equal((HttpStatusCode)StatusCodes.Status418ImATeapot, post.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? encodings = null, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (encodings is not null) request.Headers.AcceptEncoding.ParseAdd(encodings);
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        await using (stream)
        {
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
            return content.ToArray();
        }
    }
}
