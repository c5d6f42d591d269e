using System.Text.RegularExpressions;

namespace BlockList.Tools.Benchmarks;

/// <summary>An answer of the public site without what differs in each complaint anyway: the name that was typed, what is random, times of the clock.</summary>
internal static partial class OracleText
{
    /// <param name="status">HTTP status.</param>
    /// <param name="headers">All but <c>Date</c> count, in any order.</param>
    /// <param name="body">As it came.</param>
    /// <param name="name">The name that the complaint is about.</param>
    public static string Print(int status, IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers, string body, string name)
    {
        var lines = headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
        return $"{status}\n{string.Join('\n', lines)}\n{Time().Replace(Random().Replace(body.Replace(name, "NAME", StringComparison.Ordinal), "RANDOM"), "TIME")}";
    }

    // Reference, secret, sealed draft, challenge, the number that was found for it, the text of a record.
    [GeneratedRegex(@"BL-[0-9A-Z]{10}|[0-9A-Z]{4}(-[0-9A-Z]{2,4}){6}|(?<=value="")[0-9A-Za-z_-]{26,}(?="")|(?<=data-challenge="")[^""]+|(?<=name=""work"" value="")[0-9]+|blocklist-challenge=[0-9a-f]{32}", RegexOptions.ExplicitCapture)]
    private static partial Regex Random();

    [GeneratedRegex(@"[A-Z][a-z]{2} [0-9]{1,2} [A-Z][a-z]{2,3} [0-9]{4}, [0-9:]{5} UTC|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")]
    private static partial Regex Time();
}
