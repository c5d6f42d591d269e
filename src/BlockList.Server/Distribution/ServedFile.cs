using BlockList.Server.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BlockList.Server.Distribution;

/// <summary>One file in the encodings that exist of it, and how to answer with it.</summary>
/// <param name="Tag">Names the content; with a letter for the encoding it is the entity tag. Short, since every poll carries it twice.</param>
internal sealed record ServedFile(string Tag, byte[] Content, byte[]? Brotli, byte[]? Gzip)
{
    public long Size => Content.LongLength + (Brotli?.LongLength ?? 0) + (Gzip?.LongLength ?? 0);

    public Answer ToAnswer(HttpRequest request, string contentType, string cacheControl)
    {
        var encoding = AcceptedEncoding.Choose(request.Headers.AcceptEncoding, Brotli is not null, Gzip is not null);
        var (body, letter) = encoding switch
        {
            AcceptedEncoding.Brotli => (Brotli!, "b"),
            AcceptedEncoding.Gzip => (Gzip!, "g"),
            _ => (Content, ""),
        };
        var answer = new Answer(StatusCodes.Status200OK)
        {
            ETag = $"\"{Tag}{letter}\"",
            CacheControl = cacheControl,
            Varies = Brotli is not null || Gzip is not null,
        };
        return Matches(request.Headers.IfNoneMatch, answer.ETag)
            ? answer with { Status = StatusCodes.Status304NotModified }
            : answer with { ContentType = contentType, ContentEncoding = encoding, Body = body };
    }

    private static bool Matches(StringValues header, string tag) =>
        EntityTagHeaderValue.TryParseList(header, out var known)
        && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false));
}
