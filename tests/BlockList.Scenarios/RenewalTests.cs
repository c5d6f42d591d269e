using System.Text.Json;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>Certificates of an agent and of the server that come to their end while lists go on: real roles, a real agent.</summary>
public sealed class RenewalTests(Installation installation)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Deployment Deployment => installation.Deployment;

    [Fact]
    public async Task Agent_renews_its_certificate_by_itself_with_a_new_key_and_waits_in_peace_where_nobody_makes_one()
    {
        await using var provider = await NewProvider.StartAsync(Deployment, installation.Demo.Authority, "old-isp", Ct);
        var now = TimeProvider.System.GetUtcNow();
        var issued = Deployment.Pki.IssueClientCertificate(provider.Name, now.AddDays(-80), now.AddDays(10));
        await EnrolByHandAsync(provider, issued);
        var key = Path.Combine(provider.AgentState, "renewal.key.pem");

        // Without an issuer nothing fails, and the next run does not ask again at once.
        var issuer = Deployment.Roles.Single(role => role.Name == "issuer");
        await issuer.DisposeAsync();
        var waiting = (await provider.AgentAsync(["apply"], Ct)).Require();
        Assert.Contains("a new certificate was asked for and is not made yet", waiting.Errors, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        var asked = await File.ReadAllBytesAsync(key, Ct);
        Assert.DoesNotContain("certificate", (await provider.AgentAsync(["apply"], Ct)).Require().Errors, StringComparison.Ordinal);

        // Time has passed, and the issuer is back: the same key gets its certificate.
        await Deployment.ReconfigureAsync("issuer", "", Ct);
        File.Delete(Path.Combine(provider.AgentState, "renewal.json"));
        Assert.Contains("the certificate was renewed with a new key; it ends in 89 days", (await provider.AgentAsync(["apply"], Ct)).Require().Output, StringComparison.Ordinal);

        Assert.Contains(System.Text.Encoding.ASCII.GetString(asked), await File.ReadAllTextAsync(Path.Combine(provider.AgentState, "identity.pem"), Ct), StringComparison.Ordinal);
        Assert.False(File.Exists(key));
        Assert.Equal(89, JsonDocument.Parse((await provider.AgentAsync(["status", "--json"], Ct)).Output).RootElement.GetProperty("certificate_days_left").GetInt32());
        var certificates = await CertificatesAsync(provider);
        Assert.Equal(certificates[0].GetProperty("sha256").GetString(), certificates[1].GetProperty("renewedFrom").GetString());
        // What is left of the old one is nobody's to use for long: revoking it ends what came from it.
        await Deployment.RunAsync("curation", ["provider", "revoke", "--certificate", certificates[0].GetProperty("sha256").GetString()!], Ct);
        Assert.Contains("The certificate that it was renewed from was revoked", (await provider.AgentAsync(["fetch"], Ct)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authority_of_the_server_is_followed_by_another_without_a_hand_at_the_provider()
    {
        await using var told = await NewProvider.StartAsync(Deployment, installation.Demo.Authority, "told-isp", Ct);
        await using var away = await NewProvider.StartAsync(Deployment, installation.Demo.Authority, "away-isp", Ct);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var provider in new[] { told, away })
        {
            await EnrolByHandAsync(provider, Deployment.Pki.IssueClientCertificate(provider.Name, now.AddDays(-1), now.AddDays(80)));
            (await provider.AgentAsync(["apply"], Ct)).Require();
        }
        var (authority, certificate, key) = (Deployment.Pki.ServerAuthorityFile, Deployment.Pki.ServerCertificateFile, Deployment.Pki.ServerKeyFile);
        var before = (Authority: await File.ReadAllTextAsync(authority, Ct), Certificate: await File.ReadAllTextAsync(certificate, Ct), Key: await File.ReadAllTextAsync(key, Ct));
        using var next = CertificateAuthority.Create("The next authority for servers", now.AddHours(-1), now.AddDays(365));
        try
        {
            // A version that names both reaches one of two.
            installation.State.Write(authority, before.Authority + next.CertificatePem);
            await installation.PublishAsync(DevelopmentKeys.EnforcementTest);
            (await told.AgentAsync(["apply"], Ct)).Require();

            var issued = next.IssueServer(["localhost", "127.0.0.1", "::1"], now.AddHours(-1), now.AddDays(100));
            installation.State.Write(key, issued.KeyPem, secret: true);
            installation.State.Write(certificate, issued.CertificatePem);
            await Deployment.ReconfigureAsync("distribution", "", Ct);

            (await told.AgentAsync(["apply"], Ct)).Require();
            var refused = await away.AgentAsync(["apply"], Ct);
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("no secure connection", refused.Errors, StringComparison.Ordinal);
        }
        finally
        {
            installation.State.Write(key, before.Key, secret: true);
            installation.State.Write(certificate, before.Certificate);
            installation.State.Write(authority, before.Authority);
            await Deployment.ReconfigureAsync("distribution", "", Ct);
        }
        // And back: the old one is accepted as before.
        foreach (var provider in new[] { told, away }) (await provider.AgentAsync(["apply"], Ct)).Require();
    }

    private async Task EnrolByHandAsync(NewProvider provider, IssuedCertificate issued)
    {
        await Deployment.RunAsync("curation", ["provider", "register", provider.Name, "--contact", $"noc@{provider.Name}.example", .. DevelopmentKeys.Followed.SelectMany(list => new[] { "--list", list })], Ct);
        await Deployment.RunAsync("curation", ["provider", "enrol", provider.Name, "--certificate", Deployment.Pki.Save(provider.Name, issued).CertificateFile], Ct);
        await provider.TakeBundleAsync(Ct);
        provider.TakeCertificate(issued);
        (await provider.EnrollAsync(null, Ct)).Require();
    }

    private async Task<JsonElement[]> CertificatesAsync(NewProvider provider) =>
        [.. JsonDocument.Parse(await Deployment.RunAsync("curation", ["provider", "list", "--json"], Ct)).RootElement.EnumerateArray()
            .Single(known => known.GetProperty("name").GetString() == provider.Name).GetProperty("certificates").EnumerateArray()];
}
