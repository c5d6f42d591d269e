using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BlockList.Server.Http;

/// <summary>Content negotiation by <c>Accept-Encoding</c> (RFC 9110 section 12.5.3).</summary>
internal static class AcceptedEncoding
{
    public const string Brotli = "br";
    public const string Gzip = "gzip";
    private const string Identity = "identity";

    /// <summary>The offered encoding that the client likes best; among equals the shortest. Null is identity, which is
    /// also sent where nothing offered is wanted: a client that refuses even that cannot be served otherwise.</summary>
    public static string? Choose(StringValues header, bool brotli, bool gzip)
    {
        if (StringValues.IsNullOrEmpty(header) || !StringWithQualityHeaderValue.TryParseList(header, out var wanted)) return null;
        var best = (Encoding: (string?)null, Quality: Quality(wanted, Identity) ?? 0);
        if (gzip && Offered(wanted, Gzip) is var g && g > 0 && g >= best.Quality) best = (Gzip, g);
        if (brotli && Offered(wanted, Brotli) is var b && b > 0 && b >= best.Quality) best = (Brotli, b);
        return best.Encoding;
    }

    private static double Offered(IList<StringWithQualityHeaderValue> wanted, string encoding) =>
        Quality(wanted, encoding) ?? Quality(wanted, "*") ?? 0;

    private static double? Quality(IList<StringWithQualityHeaderValue> wanted, string encoding)
    {
        foreach (var value in wanted)
            if (value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase)) return value.Quality ?? 1;
        return null;
    }
}
