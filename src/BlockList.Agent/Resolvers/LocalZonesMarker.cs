using System.Net;
using BlockList.Agent.Dns;
using BlockList.Format;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// Three names of our own beside the local zones of a list. One stands in the include file alone: where it resolves,
/// Unbound reads that file when it starts. One says which version the running Unbound has loaded whole; it is taken
/// away before anything is changed and comes back when all is done. The third is there meanwhile and in no file: where it is
/// gone, Unbound was started again in between.
/// </summary>
internal sealed class LocalZonesMarker(string zone)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Below a name that nobody can register (RFC 6761 6.4).</summary>
    public string Apex { get; } = $"{zone}.blocklist-agent.invalid";

    public string Included => "included." + Apex;

    public string Version => "version." + Apex;

    public string Loading => "loading." + Apex;

    public string LoadingRecord => $"{Loading}. 0 A 127.0.0.1";

    public string IncludedRecord => $"{Included}. 0 A 127.0.0.1";

    public string VersionRecord(Serial version) => $"{Version}. 0 SOA localhost. hostmaster.localhost. {version} 3600 600 86400 0";

    /// <summary>Whether Unbound reads the include file when it starts; null where it gave no answer.</summary>
    public async Task<bool?> IsIncludedAsync(IPEndPoint unbound, CancellationToken ct) =>
        await AskAsync(unbound, Included, DnsType.A, ct) is { } answer ? answer.Addresses.Contains(IPAddress.Loopback) : null;

    /// <summary>Whether it is the same Unbound as when the loading began; no answer is no yes.</summary>
    public async Task<bool> IsLoadingAsync(IPEndPoint unbound, CancellationToken ct) =>
        await AskAsync(unbound, Loading, DnsType.A, ct) is { } answer && answer.Addresses.Contains(IPAddress.Loopback);

    /// <summary>The version that is loaded whole, if any.</summary>
    public async Task<(bool Answered, Serial? Version)> LoadedAsync(IPEndPoint unbound, CancellationToken ct) =>
        await AskAsync(unbound, Version, DnsType.Soa, ct) is not { } answer ? (false, null)
        : answer.Serial is { } value && Serial.TryCreate(value, out var serial) ? (true, serial)
        : (true, null);

    private static async Task<DnsAnswer?> AskAsync(IPEndPoint unbound, string name, DnsType type, CancellationToken ct)
    {
        try
        {
            return await DnsProbe.QueryAsync(unbound, name, type, Patience, ct);
        }
        catch (DnsProbeException)
        {
            return null;
        }
    }
}
