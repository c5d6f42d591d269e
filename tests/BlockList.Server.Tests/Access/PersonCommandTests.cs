using System.Diagnostics;
using System.Net;
using BlockList.Server.Tests.Web;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Access;

/// <summary>How an installation gets its first people: the program as an operator starts it.</summary>
public sealed class PersonCommandTests(CurationSite site) : IClassFixture<CurationSite>, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bl-person-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task First_administrator_is_added_and_invited_and_the_link_works_once()
    {
        var added = await RunAsync("add", "first.admin", "--name", "First Admin", "--roles", "operator-administrator");
        var invited = await RunAsync("invite", "first.admin");
        using var browser = site.Open();
        using var key = new Authenticator();
        using var second = new Authenticator();

        Assert.Equal((0, "Added first.admin. Invite them with: blocklist person invite first.admin\n"), (added.ExitCode, added.Output));
        Assert.Matches("^https://curation.blocklist.example/invitation/[A-Za-z0-9_-]{43}\n$", invited.Output);
        Assert.Contains("once; shown now and never again", invited.Errors, StringComparison.Ordinal);
        (await Ceremony.AcceptAsync(browser, key, invited.Output.Trim())).Expect(HttpStatusCode.OK);
        (await Ceremony.AcceptAsync(browser, second, invited.Output.Trim())).Expect(HttpStatusCode.Gone);
        Assert.StartsWith("operator:", Assert.Single(await site.AuditAsync("person.invite", "first.admin")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_cannot_stand_in_for_the_second_person_of_a_recovery()
    {
        var (browser, key) = await site.ArriveAsync("lone");
        using (browser)
        using (key)
        {
            var invited = await RunAsync("invite", "lone");
            using var other = site.Open();
            using var fresh = new Authenticator();

            Assert.Contains("opens nothing until", invited.Errors, StringComparison.Ordinal);
            (await Ceremony.AcceptAsync(other, fresh, invited.Output.Trim())).Expect(HttpStatusCode.Gone);
        }
    }

    [Fact]
    public async Task File_of_people_is_added_and_those_who_are_there_stay_as_they_are()
    {
        var file = Write("people.csv", "id,name,agency,roles\nfile.one,\"One, of the file\",nl-hotline,curator release-officer\nfile.two,Two,,auditor\nanna,Somebody else,nl-hotline,curator\n");

        var first = await RunAsync("add", "--file", file);
        var again = await RunAsync("add", "--file", file);

        Assert.Equal("Added 2 of 3; the others were there already.\n", first.Output);
        Assert.Equal("Added 0 of 3; the others were there already.\n", again.Output);
        Assert.Equal("no-police", await site.Database.ScalarAsync<string>("select agency from access.person where id = 'anna'"));
        Assert.Equal("One, of the file", await site.Database.ScalarAsync<string>("select name from access.person where id = 'file.one'"));
    }

    [Theory]
    [InlineData("There is an account anna already", "add", "anna", "--name", "Anna", "--roles", "auditor")]
    [InlineData("An administrator has no vote", "add", "new.one", "--name", "New", "--agency", "no-police", "--roles", "agency-administrator", "curator")]
    [InlineData("There is no agency", "add", "new.one", "--name", "New", "--agency", "nowhere", "--roles", "curator")]
    [InlineData("There is no role", "add", "new.one", "--name", "New", "--roles", "king")]
    [InlineData("Say the person's name", "add", "new.one", "--roles", "auditor")]
    [InlineData("Say whom", "add")]
    [InlineData("There is no account nobody", "invite", "nobody")]
    public async Task Mistake_is_said_in_a_sentence_and_changes_nothing(string said, params string[] arguments)
    {
        var result = await RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from access.person where id = 'new.one'"));
    }

    [Theory]
    [InlineData("id,name,roles\nx,X,auditor\n", "must be: id,name,agency,roles")]
    [InlineData("id,name,agency,roles\nx,X,auditor\n", "Line 2")]
    public async Task File_that_cannot_be_read_is_refused_with_its_line(string text, string said)
    {
        var result = await RunAsync("add", "--file", Write("bad.csv", text));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var config = Write("curation.ini", IniFile.Of(new Dictionary<string, string?> { ["Database:ConnectionString"] = site.Database.Curation, ["Curation:Origin"] = "https://curation.blocklist.example" }));
        using var program = await Spawner.StartAsync(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "blocklist.dll"), "person", .. arguments, "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true });
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (program.ExitCode, await output, await errors);
    }
}
