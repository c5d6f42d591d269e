using System.Globalization;
using BlockList.Server.Http;

namespace BlockList.Server.Distribution;

/// <summary>Every reason for which this endpoint refuses, each with what the provider can do about it. Agents tell them apart by code.</summary>
internal static class Refusals
{
    public static Problem Unknown(string sha256) => Forbidden("certificate-unknown", "This certificate is not enrolled",
        $"Nobody enrolled the certificate with SHA-256 {sha256} here. Use the certificate that was enrolled, or send this number to the operator and ask for its enrolment.");

    public static Problem Forwarded(string reason) => Forbidden("certificate-not-forwarded", "The proxy in front of this server handed on no certificate of a provider",
        $"{reason} Call the operator, who runs the proxy.");

    public static Problem NotYetValid(DateTimeOffset from, DateTimeOffset now) => Forbidden("certificate-not-yet-valid", "This certificate is not valid yet",
        $"It is valid from {Time(from)}, and it is {Time(now)} here. Check the date of the machine that made it, wait until then, or use the certificate before it.");

    public static Problem Expired(DateTimeOffset until) => Forbidden("certificate-expired", "This certificate has expired",
        $"It was valid until {Time(until)}. Lists that are in force stay in force; ask the operator for a code, and run: blocklist-agent enroll BUNDLE --code CODE --renew");

    public static Problem Revoked(DateTimeOffset at, bool itself) => Forbidden("certificate-revoked", "This certificate was revoked",
        $"{(itself ? "It" : "The certificate that it was renewed from")} was revoked on {Time(at)}. If you did not ask for that, call the operator; otherwise ask for the enrolment of a certificate with a new key.");

    public static Problem Suspended(string provider, DateTimeOffset at) => Forbidden("provider-suspended", "Downloads of this provider are suspended",
        $"The operator suspended {provider} on {Time(at)}. Lists that are in force stay in force; ask the operator for the reason.");

    public static Problem NotThisList(string list, string provider, IReadOnlyList<string> lists) => Forbidden("list-not-granted", "This list is not yours to read",
        $"{provider} may read {(lists.Count == 0 ? "no list" : string.Join(", ", lists))}, but not {list}. Correct the name of the list, or ask the operator to grant it.");

    public static Problem TooManyRequests(int perMinute) => new(StatusCodes.Status429TooManyRequests, "rate-limited", "Too many requests with this certificate",
        $"One certificate may make {perMinute} requests a minute. Wait as long as Retry-After says, and poll every 15 minutes.");

    public static Problem TooManyStreams(int most) => new(StatusCodes.Status429TooManyRequests, "streams-limited", "Too many event streams with this certificate",
        $"One certificate may have {most} open here. Close those that nobody reads, and poll every 15 minutes meanwhile: hints are no part of what must arrive.");

    public static Problem OlderTimestamp { get; } = new(StatusCodes.Status503ServiceUnavailable, "timestamp-older", "This node is behind",
        "It has seen newer metadata than it can read now and does not go back. Keep what you have, and try again as Retry-After says.");

    public static Problem Unavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "unavailable", "The database does not answer",
        "Nothing can be read at the moment. Keep what you have, and try again as Retry-After says.");

    public static Problem Fault { get; } = new(StatusCodes.Status500InternalServerError, "fault", "The server failed to answer",
        "The failure was logged for the operator. Keep what you have, and try again with the next poll; call the operator if it stays.");

    public static Problem Malformed(int status, string reason) => new(status, "request-malformed", "The request cannot be read", reason);

    public static Problem MalformedReceipt(string reason) => new(StatusCodes.Status400BadRequest, "receipt-malformed", "The receipt cannot be read",
        $"{reason} Send the receipt as docs/format.md describes it; nothing of this one was kept.");

    public static Problem MalformedRenewal(string reason) => new(StatusCodes.Status400BadRequest, "renewal-malformed", "The request for a certificate cannot be used",
        $"{reason} Send it as docs/format.md describes it; nothing of this one was kept.");

    public static Problem RenewalRefused(string reason) => new(StatusCodes.Status409Conflict, "renewal-refused", "No certificate was made", $"{reason} Your certificate stays as it is.");

    private static Problem Forbidden(string code, string title, string detail) => new(StatusCodes.Status403Forbidden, code, title, detail);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("ddd d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
