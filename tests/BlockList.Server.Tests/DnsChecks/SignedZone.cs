using BlockList.Tools.Development;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>Keys of a zone, and the zone signed with them by BIND's tools.</summary>
internal sealed class SignedZone
{
    private readonly string name;
    private readonly string directory;

    private SignedZone(string name, string directory) => (this.name, this.directory) = (name, directory);

    /// <summary>The DNSKEY record of the key that the parent vouches for.</summary>
    public string KeyRecord => File.ReadAllText(Directory.GetFiles(directory, "K*.key").Single(file => File.ReadAllText(file).Contains(" 257 ", StringComparison.Ordinal)));

    /// <summary>What the parent says of it. Known when the zone was signed.</summary>
    public string Ds => File.ReadAllText(Directory.GetFiles(directory, "dsset-*").Single());

    public static async Task<SignedZone> WithKeysAsync(string name, string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (string[] kind in new[] { new[] { "-f", "KSK" }, [] })
            (await Subprocess.RunAsync(["/usr/bin/dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", .. kind, name], directory)).Require();
        return new SignedZone(name, directory);
    }

    public async Task<string> SignAsync(string zone)
    {
        var keys = Directory.GetFiles(directory, "K*.key").Select(File.ReadAllText);
        await File.WriteAllTextAsync(Path.Combine(directory, "zone"), zone + string.Concat(keys));
        (await Subprocess.RunAsync(["/usr/bin/dnssec-signzone", "-q", "-O", "full", "-o", name, "-f", "signed", "zone"], directory)).Require();
        return await File.ReadAllTextAsync(Path.Combine(directory, "signed"));
    }
}
