using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Providers;

namespace BlockList.Server.Distribution;

/// <summary>Who asks, and for what, as the download row will say it.</summary>
/// <param name="Sha256">Of the certificate that the connection was opened with.</param>
/// <param name="List">The list that is asked for, where the address names one.</param>
/// <param name="Path">Below <c>/v1/{list}/</c>, or the whole path where there is no list.</param>
internal sealed record Caller(string Sha256, string? List, string Path)
{
    private const int LongestList = 32;
    private const int LongestPath = 200;

    /// <summary>Set once the certificate was found enrolled, also where it is then refused.</summary>
    public Enrolment? Enrolment { get; set; }

    /// <summary>Null where the connection has no certificate; the listener accepts no such connection.</summary>
    public static Caller? Of(HttpContext context)
    {
        if (context.Features.Get<Caller>() is { } known) return known;
        if (context.Connection.ClientCertificate is not { } certificate) return null;
        var list = context.GetRouteValue("list") as string;
        var path = context.Request.Path.Value ?? "/";
        var prefix = $"/v1/{list}/";
        if (list is not null && path.StartsWith(prefix, StringComparison.Ordinal)) path = path[prefix.Length..];
        var caller = new Caller(ClientCertificate.Sha256(certificate), list is null ? null : Storable(list, LongestList), Storable(path, LongestPath));
        context.Features.Set(caller);
        return caller;
    }

    /// <summary>What a client wrote is kept, but not without end and not in characters that a reader's terminal obeys.</summary>
    private static string Storable(string text, int longest) =>
        string.Concat(text.Take(longest).Select(c => c is > ' ' and <= '~' ? c : '?'));
}
