namespace BlockList.Server.DnsChecks;

/// <summary>What became of one question. Nothing but these; a resolver throws only when it is asked to stop.</summary>
/// <param name="Verdict">Of the answer, denials included.</param>
internal abstract record DnsAnswer(DnssecVerdict Verdict)
{
    /// <param name="Aliases">The names that a chain of CNAME records led through, the last of which has the records.</param>
    internal sealed record Answered(IReadOnlyList<DnsRecord> Records, IReadOnlyList<DnsName> Aliases, DnssecVerdict Verdict) : DnsAnswer(Verdict);

    /// <summary>NXDOMAIN: neither this name nor one below it has any record.</summary>
    /// <param name="Zone">The zone that says so, where it does.</param>
    internal sealed record NoSuchName(DnsName? Zone, DnssecVerdict Verdict) : DnsAnswer(Verdict);

    /// <summary>The name exists and has no record of this type.</summary>
    /// <param name="Zone">The zone that says so, where it does.</param>
    internal sealed record NoData(DnsName? Zone, DnssecVerdict Verdict) : DnsAnswer(Verdict);

    /// <summary>There is an answer, and DNSSEC shows that it is not the zone's.</summary>
    internal sealed record Bogus(string Reason) : DnsAnswer(DnssecVerdict.Bogus);

    /// <summary>No server gave an answer that could be used: they refuse, know nothing of the zone, or send what is no answer.</summary>
    internal sealed record Failed(string Reason) : DnsAnswer(DnssecVerdict.Insecure);

    internal sealed record TimedOut(TimeSpan After) : DnsAnswer(DnssecVerdict.Insecure);

    public string Print() => this switch
    {
        Answered answered => $"{answered.Records.Count} records",
        NoSuchName => "no such name",
        NoData => "no record of this type",
        Bogus bogus => $"refused, DNSSEC does not hold: {bogus.Reason}",
        Failed failed => failed.Reason,
        TimedOut timedOut => $"no answer within {timedOut.After.TotalSeconds:0.#} s",
        _ => throw new InvalidOperationException(ToString()),
    };
}
