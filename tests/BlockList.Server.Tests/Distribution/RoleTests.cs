using System.Net;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>The role as an operator starts it: the program with a configuration file.</summary>
public sealed class RoleTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Role_says_where_it_listens_serves_and_ends_in_peace_when_asked()
    {
        using var role = await RoleProgram.StartAsync("distribution", Write(node.WriteSettings()));
        var line = await role.StandardOutput.ReadLineAsync(Ct);
        Assert.Matches("^distribution listens at https://127\\.0\\.0\\.1:[0-9]+ ", line);
        var address = new Uri(line!.Split(' ')[3].Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        using var connection = node.Connect(await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List)), address);
        using (var response = await connection.GetAsync("/v1/whoami")) Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        // The idle connection stays open on the client's side and does not hold up the end.
        await RoleProgram.EndAsync(role);
    }

    [Theory]
    [InlineData("Distribution:Listen", "8443", "write an address and a port")]
    [InlineData("Distribution:Certificate", "", "Set [Distribution] Certificate")]
    [InlineData("Distribution:Certificate", "/nonexistent/server.pem", "Name a file that this role's user may read")]
    [InlineData("Distribution:CertificateKey", "/etc/hostname", "without a passphrase")]
    [InlineData("Distribution:ClientCa", "/etc/hostname", "must hold certificates of authorities only")]
    [InlineData("Distribution:Proxies", "/etc/hostname", "no authority; leave it empty")]
    [InlineData("Distribution:Deployment", "", "Set [Distribution] Deployment")]
    [InlineData("Distribution:RequestsPerMinute", "3", "from 10 to 100000")]
    [InlineData("Database:ConnectionString", "", "Set [Database] ConnectionString")]
    public async Task Setting_that_cannot_work_is_refused_at_the_start_with_what_to_do(string setting, string value, string said)
    {
        var settings = node.WriteSettings();
        settings[setting] = value;

        var (exitCode, errors) = await RoleProgram.FailAsync("distribution", Write(settings));

        Assert.Equal(2, exitCode);
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_the_server_is_no_authority_for_clients()
    {
        var settings = node.WriteSettings();
        settings["Distribution:ClientCa"] = settings["Distribution:Certificate"];

        var (exitCode, errors) = await RoleProgram.FailAsync("distribution", Write(settings));

        Assert.Equal(2, exitCode);
        Assert.Contains("must hold certificates of authorities only", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_in_use_is_said_in_one_sentence()
    {
        var settings = node.WriteSettings();
        settings["Distribution:Listen"] = $"127.0.0.1:{node.Address.Port}";

        var (exitCode, errors) = await RoleProgram.FailAsync("distribution", Write(settings));

        Assert.Equal(2, exitCode);
        Assert.Contains($"Another program listens at 127.0.0.1:{node.Address.Port} already", errors, StringComparison.Ordinal);
    }

    private string Write(Dictionary<string, string?> settings) => node.Write("distribution.ini", IniFile.Of(settings));
}
