using System.IO.Compression;
using System.Text;
using BlockList.Format;
using Microsoft.AspNetCore.Http;

namespace BlockList.Tools.Conformance.Serving;

/// <summary>The honest way to serve a file, and every other one.</summary>
internal static class Misservings
{
    private const string ErrorPage = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n";

    /// <summary>An agent that reads on has given in long before that.</summary>
    private const int EndlessPieces = 4096;

    /// <summary>So slow that a file of a kilobyte takes hours, and never silent for long.</summary>
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(2);

    private static readonly byte[] Piece = Encoding.ASCII.GetBytes(new string('a', 64 * 1024));

    public static async Task Honestly(HttpContext context, byte[]? file, string encoding)
    {
        if (file is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.CacheControl = "no-store";
            return;
        }
        var accepted = encoding.Length > 0 && context.Request.Headers.AcceptEncoding.ToString().Contains(encoding, StringComparison.Ordinal);
        var tag = $"\"{Hashes.Sha256(file)[..16]}-{(accepted ? encoding : "plain")}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (accepted) context.Response.Headers.ContentEncoding = encoding;
        await SendAsync(context, accepted ? Compress(file, encoding) : file);
    }

    public static Misserving Status(int status) => (context, _, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>A refusal as this server words it (RFC 9457).</summary>
    public static Misserving Problem(int status, string detail) => async (context, _, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        await context.Response.WriteAsync($$"""{"title":"Refused","status":{{status}},"detail":"{{detail}}"}""");
    };

    public static async Task HtmlWith200(HttpContext context, byte[]? file, string encoding)
    {
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(ErrorPage);
    }

    public static Task Redirect(HttpContext context, byte[]? file, string encoding)
    {
        context.Response.Redirect("/v1/elsewhere" + context.Request.Path);
        return Task.CompletedTask;
    }

    public static Task CutAtOnce(HttpContext context, byte[]? file, string encoding)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Half of the file, then a connection that is gone.</summary>
    public static async Task CutHalfWay(HttpContext context, byte[]? file, string encoding)
    {
        context.Response.ContentLength = file!.Length;
        await context.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    /// <summary>Half of the file, and a length that says it is the whole.</summary>
    public static Task HalfAsWhole(HttpContext context, byte[]? file, string encoding) => SendAsync(context, file![..(file.Length / 2)]);

    public static Task Empty(HttpContext context, byte[]? file, string encoding) => SendAsync(context, []);

    public static Misserving Instead(Func<byte[]> other) => (context, _, encoding) => Honestly(context, other(), encoding);

    public static Task OneBitFlipped(HttpContext context, byte[]? file, string encoding)
    {
        var flipped = (byte[])file!.Clone();
        flipped[flipped.Length / 2] ^= 1;
        return Honestly(context, flipped, encoding);
    }

    public static async Task DrippingSlowly(HttpContext context, byte[]? file, string encoding)
    {
        context.Response.ContentLength = file!.Length;
        foreach (var place in file)
        {
            if (context.RequestAborted.IsCancellationRequested) return;
            await context.Response.Body.WriteAsync(new[] { place });
            await context.Response.Body.FlushAsync();
            await WaitAsync(context, Drip);
        }
    }

    public static Task Silent(HttpContext context, byte[]? file, string encoding) => WaitAsync(context, Timeout.InfiniteTimeSpan);

    public static Task Endless(HttpContext context, byte[]? file, string encoding) => EndlesslyAsync(context, context.Response.Body);

    /// <summary>A short body that unpacks to an endless one.</summary>
    public static async Task EndlessWhenUnpacked(HttpContext context, byte[]? file, string encoding)
    {
        context.Response.Headers.ContentEncoding = "br";
        await using var packed = new BrotliStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await EndlesslyAsync(context, packed);
    }

    public static Misserving InEncoding(string name) => (context, file, _) =>
    {
        context.Response.Headers.ContentEncoding = name;
        return SendAsync(context, file!);
    };

    public static Task NotModified(HttpContext context, byte[]? file, string encoding)
    {
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    private static byte[] Compress(byte[] file, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true) : new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(file);
        return packed.ToArray();
    }

    private static async Task SendAsync(HttpContext context, byte[] bytes)
    {
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes);
    }

    private static async Task EndlesslyAsync(HttpContext context, Stream body)
    {
        try
        {
            for (var i = 0; i < EndlessPieces && !context.RequestAborted.IsCancellationRequested; i++)
                await body.WriteAsync(Piece, context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The agent hung up, as it should.
        }
    }

    /// <summary>Ends early when the agent hangs up.</summary>
    private static Task WaitAsync(HttpContext context, TimeSpan time) =>
        Task.Delay(time, context.RequestAborted).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
