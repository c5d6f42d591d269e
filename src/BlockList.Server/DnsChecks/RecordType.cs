namespace BlockList.Server.DnsChecks;

/// <summary>Types that are asked for, by their numbers (RFC 1035 section 3.2.2, RFC 3596).</summary>
internal enum RecordType
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Txt = 16,
    Aaaa = 28,
}
