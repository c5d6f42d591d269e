using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BlockList.Server.Complaints.Public;

/// <summary>Content negotiation by <c>Accept-Language</c> (RFC 9110 section 12.5.4): the first of ours that the browser likes best, else English.</summary>
internal static class PreferredLanguage
{
    public static PortalLanguage Of(StringValues header)
    {
        if (StringValues.IsNullOrEmpty(header) || !StringWithQualityHeaderValue.TryParseList(header, out var wanted)) return PortalLanguage.All[0];
        return wanted.Where(value => (value.Quality ?? 1) > 0).OrderByDescending(value => value.Quality ?? 1)
            .Select(value => PortalLanguage.All.FirstOrDefault(language => value.Value.Equals(language.Code, StringComparison.OrdinalIgnoreCase) || value.Value.StartsWith(language.Code + "-", StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(language => language is not null) ?? PortalLanguage.All[0];
    }
}
