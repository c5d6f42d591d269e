using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.DnsChecks;

/// <summary>Section <c>DnsChecks</c>: how the role <c>checker</c> asks DNS.</summary>
internal sealed class DnsOptions
{
    public const string Section = "DnsChecks";

    /// <summary>The longest that one question takes, 1 to 60 seconds.</summary>
    [Range(1, 60, ErrorMessage = "[DnsChecks] AnswerSeconds must be from 1 to 60.")]
    public int AnswerSeconds { get; set; } = 10;

    /// <summary>Questions under way, 1 to 4096; more wait, and their waiting counts towards AnswerSeconds. About 270 packets at one
    /// moment fill the usual receive buffer of a Linux server, and what it then drops comes back as a failure.</summary>
    [Range(1, 4096, ErrorMessage = "[DnsChecks] QuestionsAtOnce must be from 1 to 4096.")]
    public int QuestionsAtOnce { get; set; } = 128;

    /// <summary>Octets of a message, 512 to 65535. A larger answer counts as none.</summary>
    [Range(512, 65535, ErrorMessage = "[DnsChecks] LargestAnswer must be from 512 to 65535.")]
    public int LargestAnswer { get; set; } = 16384;

    /// <summary>Servers of a zone that a proof is looked for at, 1 to 32.</summary>
    [Range(1, 32, ErrorMessage = "[DnsChecks] ServersAsked must be from 1 to 32.")]
    public int ServersAsked { get; set; } = 8;

    /// <summary>CNAME records that are followed from the name of a proof, 0 to 8.</summary>
    [Range(0, 8, ErrorMessage = "[DnsChecks] AliasesFollowed must be from 0 to 8.")]
    public int AliasesFollowed { get; set; } = 4;

    /// <summary>Proofs that are looked for at the same time, 1 to 128.</summary>
    [Range(1, 128, ErrorMessage = "[DnsChecks] ProofsAtOnce must be from 1 to 128.")]
    public int ProofsAtOnce { get; set; } = 16;

    /// <summary>Seconds between looks at what is due, 1 to 300.</summary>
    [Range(1, 300, ErrorMessage = "[DnsChecks] SweepSeconds must be from 1 to 300.")]
    public int SweepSeconds { get; set; } = 5;

    /// <summary>The keys of the root that DNSSEC is judged by. Empty: nothing is judged.</summary>
    public string TrustAnchorFile { get; set; } = "/usr/share/dns/root.key";

    /// <summary>Where the servers of the root are. Empty: those that are built into libunbound.</summary>
    public string RootHints { get; set; } = "";

    /// <summary>Addresses that questions leave from, separated by commas. Empty: the system's choice.</summary>
    public string OutgoingAddresses { get; set; } = "";

    /// <summary>Whether servers are asked over IPv6.</summary>
    public bool AskIPv6 { get; set; } = true;

    /// <summary>Networks, separated by commas, that are asked although they are nobody's in public: 10.20.0.0/16. Empty: none,
    /// so that no record of a stranger's makes this machine speak to its own network.</summary>
    public string PrivateNetworksAsked { get; set; } = "";
}
