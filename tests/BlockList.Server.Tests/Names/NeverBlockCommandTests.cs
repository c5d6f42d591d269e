using BlockList.Server.Tests.Web;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Names;

/// <summary>The never-block register as an operator and a build machine type it.</summary>
public sealed class NeverBlockCommandTests(CurationSite site) : IClassFixture<CurationSite>, IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bl-register-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Register_is_filled_asked_and_described_from_the_command_line()
    {
        var empty = await DoneAsync("never-block", "status");
        Assert.Contains("top-sites\t0", empty.Output, StringComparison.Ordinal);
        Assert.Contains("WARNING: No list of the most visited sites", empty.Errors, StringComparison.Ordinal);
        Assert.StartsWith("clear\tsite2.example\tnone", (await DoneAsync("never-block", "check", "https://site2.example/x")).Output, StringComparison.Ordinal);

        var sites = Path.Combine(directory, "sites.csv");
        await File.WriteAllTextAsync(sites, "1,site1.example\n2,site2.example\n", TestContext.Current.CancellationToken);
        for (var time = 0; time < 2; time++)
        {
            // A second time it is so already, and no failure.
            var imported = (await DoneAsync("decide", "register", "import", sites, "--reason", "of today", "--passkey", site.Cast["olav"].PasskeyFile)).Output;
            Assert.Contains(time == 0 ? "2 names in force, 0 lines left out." : "in force already", imported, StringComparison.Ordinal);
            await DoneAsync("decide", "register", "add", "clinic.example", "--source", "critical", "--reason", "a hospital", "--passkey", site.Cast["anna"].PasskeyFile);
        }

        Assert.StartsWith("needs-override\tsite2.example\tmost visited sites", (await DoneAsync("never-block", "check", "site2.example")).Output, StringComparison.Ordinal);
        Assert.Contains("entered by Anna", (await DoneAsync("never-block", "check", "www.clinic.example")).Output, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("host-only\tx.github.io\tshared hosting", (await DoneAsync("never-block", "check", "x.github.io")).Output, StringComparison.Ordinal);
        Assert.StartsWith("clear\tx.github.io", (await DoneAsync("never-block", "check", "x.github.io", "--scope", "host")).Output, StringComparison.Ordinal);
        var full = await DoneAsync("never-block", "status");
        Assert.Contains("critical\t1\n", full.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING: No list", full.Errors, StringComparison.Ordinal);

        var row = await site.Database.ScalarAsync<Guid>("select id from names.row where name = 'clinic.example'");
        Assert.Equal(4, (await RunAsync("decide", "register", "retire", row.ToString(), "--reason", "mine", "--passkey", site.Cast["anna"].PasskeyFile)).ExitCode);
        await DoneAsync("decide", "register", "retire", row.ToString(), "--reason", "closed", "--passkey", site.Cast["olav"].PasskeyFile);
        Assert.StartsWith("clear\tclinic.example", (await DoneAsync("never-block", "check", "clinic.example")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_are_answered_with_what_to_do()
    {
        var unread = await RunAsync("never-block", "check", "bad_name.example");
        Assert.Equal(2, unread.ExitCode);
        Assert.Contains("underscore", unread.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("never-block", "check", "fine.example", "--scope", "everything")).ExitCode);
    }

    private async Task<SubprocessResult> DoneAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.ExitCode} {result.Output} {result.Errors}");
        return result;
    }

    private async Task<SubprocessResult> RunAsync(params string[] arguments)
    {
        var config = Path.Combine(directory, "curation.ini");
        await File.WriteAllTextAsync(config, IniFile.Of(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = site.Database.Curation,
            ["Access:Deployment"] = site.Keys.Deployment,
            ["Access:RelyingPartyId"] = DevelopmentKeys.RelyingParty.Id,
            ["Access:Origin"] = DevelopmentKeys.RelyingParty.Origin,
        }), TestContext.Current.CancellationToken);
        return await Subprocess.RunAsync(["dotnet", Path.Combine(AppContext.BaseDirectory, "blocklist.dll"), .. arguments, "--config", config], ct: TestContext.Current.CancellationToken);
    }
}
