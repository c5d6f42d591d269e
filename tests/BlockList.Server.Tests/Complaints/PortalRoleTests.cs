using System.Net;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>The role as an operator starts it: the program with a configuration file.</summary>
public sealed class PortalRoleTests(PortalSite site) : IClassFixture<PortalSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Role_says_where_it_listens_serves_and_ends_in_peace_when_asked()
    {
        var port = FreePort.Pick(0).Port;
        using var role = await RoleProgram.StartAsync("portal", site.Write(site.Settings(port)));
        Assert.Equal($"portal listens at http://127.0.0.1:{port} for the public at http://localhost:{port}", await role.StandardOutput.ReadLineAsync(Ct));
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/en/"), Ct)).StatusCode);

        await RoleProgram.EndAsync(role);
    }

    [Theory]
    [InlineData("Portal:Listen", "8443", "Write it as 127.0.0.1:8084", 2)]
    [InlineData("Portal:Listen", "0.0.0.0:8443", "faces a network without TLS", 2)]
    [InlineData("Portal:Origin", "http://complaints.blocklist.example", "is not https", 2)]
    [InlineData("Portal:PostalAddress", "", "Set [Portal] PostalAddress", 2)]
    [InlineData("Portal:PostsPerMinute", "1", "from 5 to 1000000", 2)]
    [InlineData("Complaints:KeyFile", "", "Set [Complaints] KeyFile", 2)]
    [InlineData("Complaints:WorkBits", "40", "from 8 to 24", 2)]
    [InlineData("Complaints:KeyFile", "/nonexistent/key", "The secret of the portal, /nonexistent/key, cannot be read", 3)]
    [InlineData("Complaints:KeyFile", "/etc/hostname", "cannot be read", 3)]
    public async Task Setting_that_cannot_work_is_refused_at_the_start_with_what_to_do(string setting, string value, string said, int exitCode)
    {
        var settings = site.Settings(FreePort.Pick(0).Port);
        settings[setting] = value;

        var (code, errors) = await RoleProgram.FailAsync("portal", site.Write(settings));

        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
    }
}
