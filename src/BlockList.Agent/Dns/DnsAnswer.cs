using System.Net;

namespace BlockList.Agent.Dns;

/// <summary>
/// What a server said. <paramref name="RCode"/> is the full code with EDNS's upper bits (RFC 6891 6.1.3);
/// <paramref name="Addresses"/> are those of the name asked for or of the end of its CNAME chain;
/// <paramref name="Serial"/> is that of an SOA record in the answer; <paramref name="Authorities"/> are the zones whose
/// SOA records stand outside the answer. Unbound sets the authoritative flag on answers that its RPZ zones or local data
/// made, and never on what it resolved; BIND adds the SOA of the policy zone that decided.
/// </summary>
internal sealed record DnsAnswer(
    int RCode,
    IReadOnlyList<IPAddress> Addresses,
    bool Authoritative,
    uint? Serial,
    IReadOnlyList<string> Authorities,
    IReadOnlyList<DnsExtendedError> ExtendedErrors)
{
    public const int NoError = 0;
    public const int ServerFailure = 2;
    public const int NameError = 3;
    public const int Refused = 5;
}

/// <summary>Why a server answered so (RFC 8914): for example 15 blocked, 16 censored, 17 filtered.</summary>
internal sealed record DnsExtendedError(int Code, string Text);
