using System.Globalization;
using System.Text.RegularExpressions;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>One run of <c>ab</c>: how many answers a second. Its own comparison of lengths (off here, -l) takes that of whichever connection
/// ends first while no other has begun, and so 0 where several begin at once; the sum of all lengths is compared instead.</summary>
internal static partial class ApacheBench
{
    /// <summary>Providers poll by the thousands; so many at once are an ordinary moment.</summary>
    private const int AtOnce = 128;

    /// <param name="address">Of the file.</param>
    /// <param name="certificate">PEM file with certificate and key.</param>
    /// <param name="requests">How many.</param>
    /// <param name="bytes">Of each body.</param>
    /// <param name="keepAlive">On connections that stay, or each with a full handshake.</param>
    /// <param name="etag">Of what the client has; then the answers are 304.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<double> RunAsync(string address, string certificate, int requests, long bytes, bool keepAlive, string? etag, CancellationToken ct)
    {
        string[] command = ["/usr/bin/ab", "-q", "-l", "-n", requests.ToString(CultureInfo.InvariantCulture), "-c", AtOnce.ToString(CultureInfo.InvariantCulture), .. keepAlive ? ["-k"] : Array.Empty<string>(),
            .. etag is null ? Array.Empty<string>() : ["-H", $"If-None-Match: {etag}"], "-E", certificate, address];
        var output = (await Subprocess.RunAsync(command, "/", ct: ct)).Require().Output;
        var refused = Refused().Match(output) is { Success: true } other ? int.Parse(other.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        if (!output.Contains("Failed requests:        0", StringComparison.Ordinal) || long.Parse(Transferred().Match(output).Groups[1].Value, CultureInfo.InvariantCulture) != requests * bytes || refused != (etag is null ? 0 : requests))
            throw new InvalidOperationException($"ab was not answered as it should be by {address}:\n{output}");
        return double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests per second:\s+([0-9.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"HTML transferred:\s+([0-9]+)")]
    private static partial Regex Transferred();

    [GeneratedRegex(@"Non-2xx responses:\s+([0-9]+)")]
    private static partial Regex Refused();
}
