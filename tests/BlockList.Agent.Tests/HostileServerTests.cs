using System.IO.Compression;
using BlockList.Agent.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests;

/// <summary>Answers that no honest server gives.</summary>
public sealed class HostileServerTests
{
    private const string Html = "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>\n";

    [Theory]
    [InlineData("2.root.json")]
    [InlineData("timestamp.json")]
    [InlineData("snapshot.json")]
    [InlineData("targets.json")]
    [InlineData("list.txt")]
    public async Task An_error_page_with_status_200_is_refused(string file)
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(file, StringComparison.Ordinal)) return false;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(Html);
            return true;
        };
        await RefusedAsync(world);
    }

    [Theory]
    [InlineData("timestamp.json")]
    [InlineData("snapshot.json")]
    [InlineData("targets.json")]
    [InlineData("list.txt")]
    public async Task One_flipped_bit_anywhere_in_the_signed_content_of_a_file_is_refused(string file)
    {
        await using var world = await StartedAsync();
        var found = world.Repository.Files.Where(f => f.Key.EndsWith(file, StringComparison.Ordinal)).Max(f => f.Value.Length);
        // Every byte in turn would take minutes, so a spread of places stands for all.
        for (var place = 0; place < found; place += Math.Max(1, found / 40))
        {
            var flipped = place;
            world.Server.Tamper = (path, bytes) =>
            {
                if (!path.EndsWith(file, StringComparison.Ordinal)) return bytes;
                var copy = bytes.ToArray();
                // Signatures differ in length by a byte or two, and files of one kind with them.
                copy[flipped % copy.Length] ^= 1;
                return copy;
            };
            (await world.FetchAsync()).Ended(ExitCode.Refused);
            Assert.Equal(["one.example"], world.Provider.Held()!.Lines);
        }
    }

    [Theory]
    [InlineData("2.root.json", false)]
    [InlineData("timestamp.json", false)]
    [InlineData("snapshot.json", false)]
    [InlineData("list.txt", false)]
    [InlineData("timestamp.json", true)]
    [InlineData("list.txt", true)]
    public async Task Endless_data_is_cut(string file, bool compressed)
    {
        await using var world = await StartedAsync();
        world.Server.Traffic.Reset();
        world.Server.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(file, StringComparison.Ordinal)) return false;
            await SendEndlesslyAsync(context, compressed);
            return true;
        };

        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("more than the");

        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);
    }

    [Theory]
    [InlineData("timestamp.json")]
    [InlineData("list.txt")]
    public async Task A_connection_that_ends_early_keeps_what_is_held(string file)
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(file, StringComparison.Ordinal)) return false;
            context.Response.ContentLength = 10;
            await context.Response.WriteAsync("12345");
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };

        (await world.FetchAsync()).Ended(ExitCode.Network).Says("broke");

        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);
    }

    [Fact]
    public async Task A_list_that_was_cut_off_is_refused_though_the_connection_ended_well()
    {
        await using var world = await StartedAsync();
        world.Server.Tamper = (path, bytes) => path.EndsWith("list.txt", StringComparison.Ordinal) ? bytes[..^3] : bytes;
        await RefusedAsync(world);
    }

    [Fact]
    public async Task Broken_compression_is_refused()
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("list.txt", StringComparison.Ordinal)) return false;
            context.Response.Headers.ContentEncoding = "br";
            await context.Response.WriteAsync("this is not brotli");
            return true;
        };
        await RefusedAsync(world);
    }

    [Fact]
    public async Task An_encoding_that_was_not_asked_for_is_not_taken()
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("list.txt", StringComparison.Ordinal)) return false;
            context.Response.Headers.ContentEncoding = "zstd";
            await context.Response.WriteAsync("x");
            return true;
        };
        (await world.FetchAsync()).Ended(ExitCode.Network).Says("\"zstd\"");
    }

    [Fact]
    public async Task A_not_modified_that_nobody_asked_for_is_not_believed()
    {
        await using var world = await StartedAsync();
        File.Delete(world.Provider.StateOf().Timestamp);
        world.Server.Intercept = context =>
        {
            if (!context.Request.Path.Value!.EndsWith("timestamp.json", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.FromResult(true);
        };
        (await world.FetchAsync()).Ended(ExitCode.Network).Says("status 304");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = context =>
        {
            if (!context.Request.Path.Value!.EndsWith("timestamp.json", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.Redirect("/v1/other-list/tuf/timestamp.json");
            return Task.FromResult(true);
        };
        (await world.FetchAsync()).Ended(ExitCode.Network).Says("status 302");
        Assert.DoesNotContain("v1/other-list/tuf/timestamp.json", world.Server.Requests);
    }

    private static async Task RefusedAsync(TestWorld world)
    {
        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("refused:");
        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);

        world.Server.Intercept = _ => Task.FromResult(false);
        world.Server.Tamper = (_, bytes) => bytes;
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Equal(["one.example", "two.example"], world.Provider.Held()!.Lines);
    }

    private static async Task SendEndlesslyAsync(HttpContext context, bool compressed)
    {
        var piece = new byte[64 * 1024];
        piece.AsSpan().Fill((byte)'a');
        try
        {
            if (compressed) context.Response.Headers.ContentEncoding = "br";
            await using Stream body = compressed ? new BrotliStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : context.Response.Body;
            // The server gives up at a gigabyte, which an agent that reads on would take long to get through.
            for (var i = 0; i < 16 * 1024 && !context.RequestAborted.IsCancellationRequested; i++) await body.WriteAsync(piece, context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The agent hung up: what the test is about.
        }
    }

    private static async Task<TestWorld> StartedAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("one.example", "two.example");
        return world;
    }
}
