using System.Globalization;
using System.Net;
using System.Text;

namespace BlockList.Tools.Deployments;

/// <summary>Demo names below <c>.example</c>, all reserved (RFC 2606), and the zone in which they and their neighbours resolve.</summary>
internal static class DemoList
{
    /// <summary>The name that the journey follows.</summary>
    public const string Followed = "followed.example";

    /// <summary>Below the followed name; blocked with it.</summary>
    public const string BelowFollowed = "www.followed.example";

    /// <summary>Like the followed name in all but one letter, and innocent.</summary>
    public const string Neighbour = "follower.example";

    /// <summary>Listed as a host only.</summary>
    public const string Host = "shared.example";

    /// <summary>A customer of the listed host's neighbour name; innocent.</summary>
    public const string BelowHost = "customer.shared.example";

    private static readonly string[] Words = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "juniper"];

    public static IReadOnlyList<string> Others { get; } = [.. Words.SelectMany(a => Words.Take(4).Select(b => $"{a}-{b}.example"))];

    /// <summary>Services that people depend on, and why they stand in the register.</summary>
    public static IReadOnlyList<(string Name, string Reason)> Critical { get; } =
        [("emergency-calls.example", "demo: people reach the emergency services by it"), ("clearing-house.example", "demo: card payments go over it")];

    /// <summary>A list of the most visited sites, for the register.</summary>
    public static string SitesCsv() => string.Concat(Words.SelectMany(word => new[] { $"{word}-news.example", $"video.{word}-portal.example", $"{word}-portal.example" })
        .Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1},{name}\n")));

    /// <summary>What the authoritative server answers.</summary>
    public static IReadOnlyDictionary<string, IPAddress> Zone { get; } =
        Others.Concat([Followed, BelowFollowed, Neighbour, Host, BelowHost]).Select((name, i) => (name, Address: new IPAddress([192, 0, 2, (byte)(i + 1)])))
            .Append(("*.enforcement-test.example", new IPAddress([192, 0, 2, 250])))
            .ToDictionary(n => n.Item1, n => n.Item2, StringComparer.Ordinal);

    /// <summary>An import file.</summary>
    public static string Csv(IEnumerable<(string Name, string Scope)> rows, DateTimeOffset sightedAt)
    {
        var text = new StringBuilder("domain,scope,sighted_at,c1,c2,c3,reference,note\n");
        foreach (var (name, scope) in rows)
            text.Append(CultureInfo.InvariantCulture, $"{name},{scope},{sightedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},met,met,met,ICCAM:{1000 + name.Length},\"demo, no such site exists\"\n");
        return text.ToString();
    }
}
