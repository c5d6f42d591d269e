using System.Net;

namespace BlockList.Server.DnsChecks;

/// <summary>What the servers of a zone say of the texts at a name at this moment.</summary>
/// <param name="Zone">The zone that the name lies in; null where it was not found.</param>
/// <param name="Servers">Each that was asked, or could not be.</param>
/// <param name="Problem">Why nobody was asked; null where somebody was.</param>
/// <param name="Verdict">Bogus where DNSSEC kept the zone from being found.</param>
internal sealed record TxtReading(DnsName? Zone, IReadOnlyList<ServerTexts> Servers, string? Problem, DnssecVerdict Verdict);

/// <param name="Server">Its name in the zone's list of servers.</param>
/// <param name="Address">Null where it has none, or none that may be asked.</param>
internal sealed record ServerTexts(DnsName Server, IPAddress? Address, DnsAnswer Answer)
{
    /// <summary>It speaks for the zone; that there is no text is an answer, too.</summary>
    public bool Answers => Answer is DnsAnswer.Answered or DnsAnswer.NoData or DnsAnswer.NoSuchName;

    public bool Has(string text) => Answer is DnsAnswer.Answered answered && answered.Records.OfType<DnsRecord.Txt>().Any(record => record.Value == text);
}
