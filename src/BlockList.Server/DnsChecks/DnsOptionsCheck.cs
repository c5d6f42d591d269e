using System.Net;
using Microsoft.Extensions.Options;

namespace BlockList.Server.DnsChecks;

/// <summary>What a range cannot say; at the start, since libunbound says less and later.</summary>
internal sealed class DnsOptionsCheck : IValidateOptions<DnsOptions>
{
    public ValidateOptionsResult Validate(string? name, DnsOptions options)
    {
        var problems = new List<string>();
        if (options.TrustAnchorFile != "" && !File.Exists(options.TrustAnchorFile))
            problems.Add($"[DnsChecks] TrustAnchorFile {options.TrustAnchorFile} does not exist. Install Debian's dns-root-data, or name another file with the keys of the root.");
        if (options.RootHints != "" && !File.Exists(options.RootHints))
            problems.Add($"[DnsChecks] RootHints {options.RootHints} does not exist. Leave it out to use the public root.");
        problems.AddRange(Split(options.OutgoingAddresses).Where(address => !IPAddress.TryParse(address, out _)).Select(address => $"[DnsChecks] OutgoingAddresses: {address} is no IP address."));
        problems.AddRange(Split(options.PrivateNetworksAsked).Where(network => !IPNetwork.TryParse(network, out _)).Select(network => $"[DnsChecks] PrivateNetworksAsked: {network} is no network; write 10.20.0.0/16."));
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    public static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
