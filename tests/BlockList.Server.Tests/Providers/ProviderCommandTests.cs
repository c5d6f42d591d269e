using System.Text.Json.Nodes;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Providers;

/// <summary>What an operator types, and reads.</summary>
public sealed class ProviderCommandTests(ProvidersFixture fixture) : IClassFixture<ProvidersFixture>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bl-provider-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Provider_is_registered_enrolled_suspended_and_revoked_from_the_command_line()
    {
        using var certificate = fixture.Clients.Issue("provider");
        var sha256 = ClientCertificate.Sha256(certificate);
        var file = Path.Combine(_directory, "fjord.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);

        Assert.StartsWith("Registered with id ", await DoneAsync("register", "Fjord Net", "--contact", "noc@fjord.example", "--list", "worst-of"), StringComparison.Ordinal);
        Assert.StartsWith("Granted,", await DoneAsync("grant", "Fjord Net", "--list", "national"), StringComparison.Ordinal);
        Assert.StartsWith($"Enrolled {sha256}, valid until ", await DoneAsync("enrol", "Fjord Net", "--certificate", file), StringComparison.Ordinal);
        Assert.StartsWith("Suspended.", await DoneAsync("suspend", "Fjord Net"), StringComparison.Ordinal);
        Assert.StartsWith("The provider may download again.", await DoneAsync("suspend", "Fjord Net", "--end"), StringComparison.Ordinal);
        Assert.StartsWith("Revoked 1,", await DoneAsync("revoke", "--certificate", sha256), StringComparison.Ordinal);

        var text = await DoneAsync("list");
        Assert.Contains("Fjord Net", text, StringComparison.Ordinal);
        Assert.Contains($"{sha256}  revoked ", text, StringComparison.Ordinal);
        var provider = JsonNode.Parse(await DoneAsync("list", "--json"))!.AsArray().Single(p => (string)p!["name"]! == "Fjord Net")!;
        Assert.Equal(["national", "worst-of"], provider["lists"]!.AsArray().Select(l => (string)l!));
        Assert.Equal(sha256, (string)provider["certificates"]![0]!["sha256"]!);
    }

    [Fact]
    public async Task Mistakes_are_answered_with_what_to_do()
    {
        Assert.Contains("There is no list \"worstof\". The lists are: national, worst-of.", await RefusedAsync("register", "Bay Net", "--contact", "noc@bay.example", "--list", "worstof"), StringComparison.Ordinal);
        await fixture.RegisterAsync("Sound Net");
        Assert.Contains("registered already", await RefusedAsync("register", "Sound Net", "--contact", "noc@sound.example", "--list", "worst-of"), StringComparison.Ordinal);
        Assert.Contains("blocklist provider list", await RefusedAsync("suspend", "Nobody"), StringComparison.Ordinal);
        Assert.Contains("The lists are: national, worst-of.", await RefusedAsync("grant", "Sound Net", "--list", "worstof"), StringComparison.Ordinal);
        Assert.Contains("--certificate SHA256", await RefusedAsync("revoke"), StringComparison.Ordinal);
        Assert.Contains("does not exist", await RefusedAsync("enrol", "Bay Net", "--certificate", Path.Combine(_directory, "absent.pem")), StringComparison.Ordinal);
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }

    private async Task<string> RefusedAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        return result.Errors;
    }

    private async Task<SubprocessResult> RunAsync(string[] arguments)
    {
        var config = Path.Combine(_directory, "curation.ini");
        await File.WriteAllTextAsync(config, IniFile.Of(new Dictionary<string, string?> { ["Database:ConnectionString"] = fixture.Database.Curation }), TestContext.Current.CancellationToken);
        return await Subprocess.RunAsync(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "blocklist.dll"), "provider", .. arguments, "--config", config], ct: TestContext.Current.CancellationToken);
    }
}
