using System.Buffers;
using BlockList.Server.Providers;

namespace BlockList.Server.Distribution;

/// <summary>Who asks, and for what, as the download row will say it.</summary>
/// <param name="Certificate">That the connection was opened with, to us or to a proxy of ours.</param>
/// <param name="List">The list that is asked for, where the address names one.</param>
/// <param name="Path">Below <c>/v1/{list}/</c>, or the whole path where there is no list.</param>
internal sealed record Caller(PresentedCertificate Certificate, string? List, string Path)
{
    private const int LongestList = 32;
    private const int LongestPath = 200;
    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)]);

    /// <summary>Of the certificate.</summary>
    public string Sha256 => Certificate.Sha256;

    /// <summary>Set once the certificate was found enrolled, also where it is then refused.</summary>
    public Enrolment? Enrolment { get; set; }

    /// <summary>Null before it is known who asks.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    public static void Set(HttpContext context, PresentedCertificate certificate)
    {
        var list = context.GetRouteValue("list") as string;
        var path = context.Request.Path.Value ?? "/";
        if (list is not null && path.StartsWith($"/v1/{list}/", StringComparison.Ordinal)) path = path[(list.Length + 5)..];
        context.Features.Set(new Caller(certificate, list is null ? null : Storable(list, LongestList), Storable(path, LongestPath)));
    }

    /// <summary>What a client wrote is kept, but not without end and not in characters that a reader's terminal obeys.</summary>
    private static string Storable(string text, int longest)
    {
        if (text.Length > longest) text = text[..longest];
        return text.AsSpan().ContainsAnyExcept(Visible) ? string.Concat(text.Select(c => Visible.Contains(c) ? c : '?')) : text;
    }
}
