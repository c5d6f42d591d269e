namespace BlockList.Server.Names;

/// <summary>Takes the domain out of what people paste: an address with scheme, port and path, or a mail address.</summary>
internal static class PastedAddress
{
    /// <returns>The part that names a host, and whether something else was cut off. Whether it is a name at all is asked elsewhere.</returns>
    public static (string Host, bool WasReduced) Reduce(string? text)
    {
        var typed = (text ?? "").Trim();
        var host = typed;
        var scheme = host.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0) host = host[(scheme + 3)..];
        var end = host.AsSpan().IndexOfAny("/?#\\");
        if (end >= 0) host = host[..end];
        // What stands before an @ never names the host: https://bank.example@evil.example/ leads to evil.example.
        host = host[(host.LastIndexOf('@') + 1)..];
        var port = host.LastIndexOf(':');
        if (port > 0 && port == host.IndexOf(':', StringComparison.Ordinal) && host[(port + 1)..].All(char.IsAsciiDigit)) host = host[..port];
        if (host.StartsWith("*.", StringComparison.Ordinal)) host = host[2..];
        return (host, host.Length != typed.Length);
    }
}
