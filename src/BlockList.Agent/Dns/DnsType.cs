namespace BlockList.Agent.Dns;

/// <summary>The record types that a probe asks for or meets (RFC 1035 3.2.2, RFC 3596).</summary>
internal enum DnsType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Aaaa = 28,
    Opt = 41,
}
