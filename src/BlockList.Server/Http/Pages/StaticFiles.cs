using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace BlockList.Server.Http.Pages;

/// <summary>
/// Style sheet and scripts, from inside the assembly. Their addresses hold a hash of their content, so that a browser may keep
/// them for a year and a page never runs with the script of another build.
/// </summary>
internal static class StaticFiles
{
    private const string Prefix = "BlockList.Server.Web.";
    private const string Immutable = "public, max-age=31536000, immutable";

    private static readonly FrozenDictionary<string, StaticFile> Files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Files.Keys;

    /// <summary>Where a page finds the file.</summary>
    public static string Address(string name) => $"/lib/{Files[name].Hash}/{name}";

    /// <summary>What it says, for a page that brings it along.</summary>
    public static string TextOf(string name) => Encoding.UTF8.GetString(Files[name].Bytes.Content);

    /// <summary>Stands before everything that asks who it is for: these are the same for all, and set no cookie.</summary>
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (!isRead || context.Request.Path.Value?.Split('/') is not ["", "lib", var hash, var name] || !Files.TryGetValue(name, out var file))
        {
            await next(context);
            return;
        }
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        var encoding = AcceptedEncoding.Choose(context.Request.Headers.AcceptEncoding, file.Bytes.Brotli is not null, file.Bytes.Gzip is not null);
        var (body, letter) = encoding switch
        {
            AcceptedEncoding.Brotli => (file.Bytes.Brotli!, "b"),
            AcceptedEncoding.Gzip => (file.Bytes.Gzip!, "g"),
            _ => (file.Bytes.Content, ""),
        };
        var tag = new EntityTagHeaderValue($"\"{file.Hash}{letter}\"");
        // A page of the build before or after, while nodes are exchanged: it gets what there is and keeps it for no time.
        response.Headers.CacheControl = hash == file.Hash ? Immutable : "no-cache";
        response.Headers.ETag = tag.ToString();
        response.Headers.Vary = "Accept-Encoding";
        if (Matches(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = file.ContentType;
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private static bool Matches(HttpRequest request, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(tag, useStrongComparison: false));

    private static StaticFile Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new StaticFile(Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8)), ContentType(resource), Compressed.Of(content));
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"no content type is known for files that end in {other}"),
    };

    private sealed record StaticFile(string Hash, string ContentType, Compressed Bytes);
}
