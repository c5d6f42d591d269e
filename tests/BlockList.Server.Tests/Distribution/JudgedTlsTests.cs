using System.Text.Json;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>What testssl.sh, which tries what is known against TLS servers, says of the listener.</summary>
public sealed class JudgedTlsTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What it finds and what is so on purpose. The authority is private, and agents trust it alone: it is followed by another through trust.json,
    /// and nobody asks a list of revoked certificates. A name of loopback has no CAA record. Without a certificate there is no HTTP to judge,
    /// and no session to resume. It has no ciphers of its own country to try.</summary>
    private static readonly string[] OnPurpose = ["cert_revocation", "DNS_CAArecord", "service", "sessionresumption_ticket", "engine_problem"];

    [Fact]
    public async Task Testssl_finds_nothing_and_TLS_1_2_and_1_3_alone()
    {
        var authority = node.Write("judged-ca.pem", node.ServerAuthority.ExportCertificatePem());
        // It goes with the node, and must not be there before.
        var found = authority + ".json";
        var run = await Subprocess.RunAsync(["/usr/bin/testssl", "--quiet", "--color", "0", "--warnings", "off", "--protocols", "--std", "--fs", "--server-defaults", "--vulnerable", "--add-ca", authority, "--jsonfile", found, node.Address.ToString()], Path.GetTempPath(), ct: Ct);

        Assert.True(File.Exists(found), run.Output + run.Errors);
        var findings = JsonDocument.Parse(await File.ReadAllBytesAsync(found, Ct)).RootElement.EnumerateArray()
            .Select(finding => (Id: finding.GetProperty("id").GetString()!, Severity: finding.GetProperty("severity").GetString()!, Text: finding.GetProperty("finding").GetString()!)).ToArray();
        Assert.DoesNotContain(findings, finding => finding.Severity is not ("OK" or "INFO") && !OnPurpose.Contains(finding.Id));
        Assert.Equal(["SSLv2 not offered", "SSLv3 not offered", "TLS1 not offered", "TLS1_1 not offered", "TLS1_2 offered", "TLS1_3 offered"],
            findings.Where(finding => finding.Id is "SSLv2" or "SSLv3" or "TLS1" or "TLS1_1" or "TLS1_2" or "TLS1_3").Select(finding => $"{finding.Id} {(finding.Text.StartsWith("not offered", StringComparison.Ordinal) ? "not offered" : "offered")}"));
        // It looked for the flaws, and did not merely fail to connect.
        foreach (var flaw in new[] { "heartbleed", "LUCKY13", "ROBOT", "secure_renego", "SWEET32", "BEAST" }) Assert.Contains(findings, finding => finding.Id == flaw && finding.Severity == "OK");
    }
}
