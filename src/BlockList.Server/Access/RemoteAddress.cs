using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Access;

/// <summary>From where a request came, as coarse as its use allows.</summary>
internal static class RemoteAddress
{
    /// <summary>For limits: one IPv4 address, or the network that one IPv6 site has.</summary>
    public static string Network(HttpContext context) => Of(context) is { } address ? Prefix(address, 4, 8) : "unknown";

    /// <summary>The same of a connection that has said nothing yet.</summary>
    public static string Network(IPAddress address) => Prefix(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, 4, 8);

    /// <summary>For the audit log: the network, never the host.</summary>
    public static string Truncated(HttpContext context) => Of(context) is { } address ? Prefix(address, 3, 6) : "unknown";

    /// <summary>Behind a proxy on this machine the proxy says it; from anywhere else such a header is a visitor's own word.</summary>
    private static IPAddress? Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        var header = context.RequestServices.GetRequiredService<IOptions<SignInOptions>>().Value.AddressHeader;
        if (header is null || address is null || !IPAddress.IsLoopback(address)) return address;
        // The last one is what the proxy itself saw.
        return IPAddress.TryParse(context.Request.Headers[header].ToString().Split(',')[^1].Trim(), out var told) ? told.IsIPv4MappedToIPv6 ? told.MapToIPv4() : told : address;
    }

    private static string Prefix(IPAddress address, int bytesOfIpv4, int bytesOfIpv6)
    {
        var (kept, bytes) = (address.AddressFamily == AddressFamily.InterNetwork ? bytesOfIpv4 : bytesOfIpv6, address.GetAddressBytes());
        bytes.AsSpan(kept).Clear();
        return kept == bytes.Length ? $"{new IPAddress(bytes)}" : $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
