namespace BlockList.Server.DnsChecks;

internal enum DnssecVerdict
{
    /// <summary>The zone is not signed, or no trust anchor leads to it: the answer may be anybody's.</summary>
    Insecure,

    /// <summary>Signed, from the trust anchor down.</summary>
    Secure,

    /// <summary>The signatures should hold and do not: nothing in the answer is believed.</summary>
    Bogus,
}
