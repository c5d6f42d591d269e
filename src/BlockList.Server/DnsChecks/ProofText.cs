using System.Security.Cryptography;
using BlockList.Format.Names;

namespace BlockList.Server.DnsChecks;

/// <summary>The record that proves control, and how long its name may be.</summary>
internal static class ProofText
{
    private const string Label = "_blocklist-challenge";
    private const string Before = "blocklist-challenge=";
    private const int LongestName = 253;

    /// <summary>128 random bits: who did not see it does not guess it. A wildcard TXT record that has it proves as much as one at the
    /// name itself, since either way somebody who may write the zone put it there; and an old wildcard cannot have it.</summary>
    public static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static bool Fits(DomainName domain) => Label.Length + 1 + domain.Ascii.Length <= LongestName;

    public static DnsName NameOf(DomainName domain) => DnsName.Of(domain).Below(Label);

    public static string ValueOf(string token) => Before + token;
}
