using System.Net;

namespace BlockList.Format.Rpz;

/// <summary>
/// What a resolver answers for a listed name, as response policy zones write it (draft-vixie-dnsop-dns-rpz-00, section 3):
/// NXDOMAIN, NODATA, no answer at all, or addresses of a stop page.
/// </summary>
public sealed class PolicyAction : IEquatable<PolicyAction>
{
    /// <summary>Most addresses that one action may have: each is one more rule for each owner name.</summary>
    public const int MostAddresses = 8;

    private const string AddressWord = "address";

    private readonly string text;

    private PolicyAction(string text, IReadOnlyList<string> records, IReadOnlyList<IPAddress> addresses)
    {
        this.text = text;
        Records = records;
        Addresses = addresses;
    }

    /// <summary>The name does not exist.</summary>
    public static PolicyAction NxDomain { get; } = new("nxdomain", ["CNAME ."], []);

    /// <summary>The name exists and has no data.</summary>
    public static PolicyAction NoData { get; } = new("nodata", ["CNAME *."], []);

    /// <summary>No answer comes.</summary>
    public static PolicyAction Drop { get; } = new("drop", ["CNAME rpz-drop."], []);

    /// <summary>What stands behind each owner name, one rule each: type and data.</summary>
    public IReadOnlyList<string> Records { get; }

    /// <summary>The addresses answered; empty where the action gives none.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>Answers these addresses instead of the name's own.</summary>
    /// <exception cref="ArgumentException">None, too many, or one that no host can have.</exception>
    public static PolicyAction Redirect(params IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count is 0 or > MostAddresses || addresses.Distinct().Count() != addresses.Count || !addresses.All(IsHost))
            throw new ArgumentException($"an action has 1 to {MostAddresses} different addresses of hosts", nameof(addresses));
        var records = addresses.Select(a => (IsVersion4(a) ? "A " : "AAAA ") + a).ToArray();
        return new PolicyAction($"{AddressWord} {string.Join(' ', addresses)}", records, [.. addresses]);
    }

    /// <summary>Reads <c>nxdomain</c>, <c>nodata</c>, <c>drop</c> or <c>address IP…</c>, as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse(string text, out PolicyAction action)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        action = Array.Find([NxDomain, NoData, Drop], known => words is [var word] && word == known.text) ?? NxDomain;
        if (words is [var one] && one == action.text) return true;
        if (words is not [AddressWord, .. { Length: > 0 and <= MostAddresses } hosts]) return false;
        var addresses = hosts.Select(h => IPAddress.TryParse(h, out var address) ? address : IPAddress.Any).ToArray();
        if (!addresses.All(IsHost) || addresses.Distinct().Count() != addresses.Length) return false;
        action = Redirect(addresses);
        return true;
    }

    public bool Equals(PolicyAction? other) => text == other?.text;

    public override bool Equals(object? obj) => Equals(obj as PolicyAction);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(text);

    public override string ToString() => text;

    private static bool IsVersion4(IPAddress address) => address.GetAddressBytes().Length == 4;

    /// <summary>A zone identifier (<c>%eth0</c>) cannot stand in a record, and "any" is no host.</summary>
    private static bool IsHost(IPAddress address) =>
        !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast) && !address.IsIPv6Multicast
        && (IsVersion4(address) ? address.GetAddressBytes()[0] is > 0 and < 224 : address.ScopeId == 0 && !address.IsIPv4MappedToIPv6);
}
