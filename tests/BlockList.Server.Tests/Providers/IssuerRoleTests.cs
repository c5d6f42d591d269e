using System.Net;
using System.Security.Cryptography;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Providers;

/// <summary>The role as an operator starts it: the program with a configuration file.</summary>
public sealed class IssuerRoleTests(EnrolmentWorld world) : IClassFixture<EnrolmentWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Role_answers_requests_by_itself_and_its_health_and_ends_in_peace_when_asked()
    {
        var port = FreePort.Pick(0).Port;
        using var role = await RoleProgram.StartAsync("issuer", Write(Settings(port)));
        while (await role.StandardOutput.ReadLineAsync(Ct) is { } line && !line.Contains("Application started", StringComparison.Ordinal)) { }
        using var client = new HttpClient();
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/health"), Ct));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var code = await world.CodeAsync(await world.RegisterAsync());

        HttpResponseMessage answer;
        while ((answer = await world.AskAsync(code, key)).StatusCode == HttpStatusCode.Accepted) answer.Dispose();
        (await EnrolmentWorld.CertificateAsync(answer, key)).Dispose();
        answer.Dispose();

        await RoleProgram.EndAsync(role);
    }

    [Theory]
    [InlineData("Issuing:Authority", "", "Set [Issuing] Authority", 2)]
    [InlineData("Issuing:Authority", "/nonexistent/ca.pem", "The certificate of the authority, /nonexistent/ca.pem, cannot be read", 4)]
    [InlineData("Issuing:AuthorityKey", "/etc/hostname", "The key /etc/hostname cannot be opened", 4)]
    [InlineData("Issuing:PassphraseFile", "/etc/hostname", "cannot be opened", 4)]
    [InlineData("Issuing:PassphraseFile", "/nonexistent", "The passphrase of the authority's key, /nonexistent, cannot be read", 4)]
    [InlineData("Issuing:Deployment", "", "Set [Issuing] Deployment", 2)]
    public async Task Setting_that_cannot_work_is_refused_at_the_start_with_what_to_do(string setting, string value, string said, int exitCode)
    {
        var settings = Settings(FreePort.Pick(0).Port);
        settings[setting] = value;

        var (code, errors) = await RoleProgram.FailAsync("issuer", Write(settings));

        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
    }

    [Fact]
    public async Task Key_of_another_certificate_is_refused_at_the_start()
    {
        var settings = Settings(FreePort.Pick(0).Port);
        settings["Issuing:Authority"] = world.Node.Write("other-ca.pem", world.Node.ServerAuthority.ExportCertificatePem());

        var (code, errors) = await RoleProgram.FailAsync("issuer", Write(settings));

        Assert.Contains("is not that of the certificate", errors, StringComparison.Ordinal);
        Assert.Equal(4, code);
    }

    private Dictionary<string, string?> Settings(int port) => new()
    {
        ["Database:ConnectionString"] = world.Database.Issuer,
        ["Issuing:Authority"] = world.IssuingSettings.Authority,
        ["Issuing:AuthorityKey"] = world.IssuingSettings.AuthorityKey,
        ["Issuing:PassphraseFile"] = world.IssuingSettings.PassphraseFile,
        ["Issuing:Deployment"] = "test-deployment",
        ["Health:Port"] = $"{port}",
    };

    private string Write(Dictionary<string, string?> settings) => world.Node.Write("issuer.ini", IniFile.Of(settings));
}
