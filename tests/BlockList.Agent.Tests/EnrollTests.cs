using BlockList.Agent.Configuration;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests;

public sealed class EnrollTests : IAsyncLifetime
{
    private readonly TestPki pki = new();
    private readonly TestClock clock = new();
    private readonly TestRepository repository;
    private readonly TestProvider provider;
    private TestServer server = null!;

    public EnrollTests()
    {
        repository = new TestRepository(clock);
        provider = new TestProvider(clock);
    }

    private string RootHash => Hashes.Sha256(repository.Root);

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync(pki, repository);
        provider.WriteBundle(pki, server.Address, repository);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        provider.Dispose();
        pki.Dispose();
    }

    [Fact]
    public async Task A_bundle_becomes_a_configuration_that_works()
    {
        (await provider.EnrollAsync("--unbound-control", "unbound-control -c /x.conf", "--unbound-address", "127.0.0.1:5353")).Ended(ExitCode.Done)
            .Says("enrolled as Provider One").Says($"root of worst-of: SHA-256 {RootHash}").Says("Compare these with what the operator gave you by another way");

        var read = AgentConfiguration.Read(provider.Config);
        Assert.Equal(provider.State, read.StateDirectory);
        Assert.Equal(provider.ZoneFile(), Assert.Single(read.Lists).ZoneFile);
        Assert.Equal(["unbound-control", "-c", "/x.conf"], read.Lists[0].Resolver.Control);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(read.Server.Key));
        Assert.Equal(repository.Root, await File.ReadAllBytesAsync(provider.StateOf().Root, TestContext.Current.CancellationToken));
        repository.Publish("one.example");
        (await provider.RunAsync("fetch")).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task The_roots_hash_from_another_way_is_checked_when_it_is_given()
    {
        (await provider.EnrollAsync("--root-sha256", $"worst-of={new string('a', 64)}")).Ended(ExitCode.Refused).Says("and you were told").Says("Do not use this bundle");
        Assert.False(File.Exists(provider.Config));

        (await provider.EnrollAsync("--root-sha256", $"worst-of={RootHash.ToUpperInvariant()}")).Ended(ExitCode.Done).Says("as you were told");
    }

    [Theory]
    [InlineData("worst-of=abc")]
    [InlineData("worst-of")]
    [InlineData("other=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_hash_that_is_none_or_for_no_list_of_the_bundle_is_refused(string hash) =>
        (await provider.EnrollAsync("--root-sha256", hash)).Ended(ExitCode.Usage).Says("--root-sha256");

    [Fact]
    public async Task The_same_enrolment_again_changes_nothing_and_a_different_one_needs_force()
    {
        (await provider.EnrollAsync()).Ended(ExitCode.Done);
        var text = await File.ReadAllTextAsync(provider.Config, TestContext.Current.CancellationToken);
        (await provider.EnrollAsync()).Ended(ExitCode.Done);
        Assert.Equal(text, await File.ReadAllTextAsync(provider.Config, TestContext.Current.CancellationToken));

        (await provider.EnrollAsync("--unbound-address", "127.0.0.1:99")).Ended(ExitCode.Usage).Says("agent.ini exists and is different").Says("--force");
        Assert.Equal(text, await File.ReadAllTextAsync(provider.Config, TestContext.Current.CancellationToken));

        (await provider.EnrollAsync("--unbound-address", "127.0.0.1:99", "--force")).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task Enrolling_again_keeps_the_newer_root_and_the_memory_against_rollback()
    {
        (await provider.EnrollAsync()).Ended(ExitCode.Done);
        repository.SignRoot(repository.RootKeys);
        repository.Publish("one.example");
        (await provider.RunAsync("fetch")).Ended(ExitCode.Done);
        var newest = await File.ReadAllBytesAsync(provider.StateOf().Root, TestContext.Current.CancellationToken);

        (await provider.EnrollAsync("--force")).Ended(ExitCode.Done);

        Assert.Equal(newest, await File.ReadAllBytesAsync(provider.StateOf().Root, TestContext.Current.CancellationToken));
        Assert.Equal(Serial.First, provider.StateOf().ReadMemory()!.Highest!.Version);
    }

    [Fact]
    public async Task A_root_of_another_deployment_does_not_replace_the_trusted_one()
    {
        (await provider.EnrollAsync()).Ended(ExitCode.Done);
        await File.WriteAllBytesAsync(Path.Combine(provider.Bundle, "worst-of.root.json"), new TestRepository(clock, "worst-of", "other").Root, TestContext.Current.CancellationToken);

        (await provider.EnrollAsync("--force")).Ended(ExitCode.Usage).Says("another deployment");
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(provider.Bundle, "key.pem"), pki.Client().Key, TestContext.Current.CancellationToken);

        (await provider.EnrollAsync()).Ended(ExitCode.Usage).Says("is not the private key of");
    }

    [Theory]
    [InlineData(-10, -1)]
    [InlineData(1, 10)]
    public async Task A_certificate_out_of_its_dates_is_refused(int fromDays, int toDays)
    {
        var (certificate, key) = pki.Client(from: TimeSpan.FromDays(fromDays), to: TimeSpan.FromDays(toDays));
        await File.WriteAllTextAsync(Path.Combine(provider.Bundle, "certificate.pem"), certificate, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(provider.Bundle, "key.pem"), key, TestContext.Current.CancellationToken);

        (await provider.EnrollAsync()).Ended(ExitCode.Usage).Says("which is not now").Says("clock");
    }

    [Fact]
    public async Task A_chain_that_does_not_hold_is_refused()
    {
        using var other = new TestPki();
        await File.AppendAllTextAsync(Path.Combine(provider.Bundle, "certificate.pem"), other.AuthorityPem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(provider.Bundle, "ca.pem"), other.AuthorityPem, TestContext.Current.CancellationToken);

        (await provider.EnrollAsync()).Ended(ExitCode.Usage).Says("chain that does not hold");
    }

    [Fact]
    public async Task A_certificate_that_is_no_authoritys_is_no_authority()
    {
        await File.WriteAllTextAsync(Path.Combine(provider.Bundle, "ca.pem"), pki.Client().Certificate, TestContext.Current.CancellationToken);

        (await provider.EnrollAsync()).Ended(ExitCode.Usage).Says("no authority's");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("threshold")]
    [InlineData("not json")]
    public async Task A_root_that_is_not_the_lists_own_is_refused(string wrong)
    {
        if (wrong == "threshold") repository.Write("1.root.json", repository.RootDocument().ToJson(), repository.RootKeys.Take(1));
        var root = wrong switch { "list" => new TestRepository(clock, "other-list").Root, "threshold" => repository.Root, _ => "<html>"u8.ToArray() };
        await File.WriteAllBytesAsync(Path.Combine(provider.Bundle, "worst-of.root.json"), root, TestContext.Current.CancellationToken);

        (await provider.EnrollAsync()).Ended(ExitCode.Refused);

        Assert.False(File.Exists(provider.Config));
    }

    [Fact]
    public async Task Roots_of_two_deployments_are_refused()
    {
        provider.WriteBundle(pki, server.Address, repository, new TestRepository(clock, "second", "other"));

        (await provider.EnrollAsync()).Ended(ExitCode.Refused).Says("different deployments");
    }

    [Fact]
    public async Task A_server_of_another_deployment_is_refused()
    {
        await using var other = await TestServer.StartAsync(pki, new TestRepository(clock, "worst-of", "other"));
        provider.WriteBundle(pki, other.Address, repository);

        (await provider.EnrollAsync()).Ended(ExitCode.Refused).Says("the server is of deployment \"other\"");
    }

    [Fact]
    public async Task A_list_that_the_server_does_not_let_us_read_is_named()
    {
        provider.WriteBundle(pki, server.Address, repository, new TestRepository(clock, "second"));

        (await provider.EnrollAsync()).Ended(ExitCode.Network).Says("does not let Provider One read list second");
    }

    [Fact]
    public async Task A_server_that_refuses_the_certificate_leaves_nothing_behind()
    {
        server.Intercept = async context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "application/problem+json";
            await context.Response.WriteAsync("""{"title":"Certificate unknown","detail":"Nobody enrolled it."}""");
            return true;
        };

        (await provider.EnrollAsync()).Ended(ExitCode.Network).Says("Certificate unknown: Nobody enrolled it.");

        Assert.False(File.Exists(provider.Config));
        Assert.False(Directory.Exists(provider.State));
    }

    [Theory]
    [InlineData("server=", "servr=", "bundle.ini:2: \"servr\" is no setting")]
    [InlineData("server=https", "server=ftp", "bundle.ini:2: \"ftp://")]
    [InlineData("lists=worst-of", "lists=worst-of,worst-of", "bundle.ini:4: \"lists\" does not name different lists")]
    [InlineData("lists=worst-of", "lists=../etc", "bundle.ini:4:")]
    [InlineData("[bundle]", "[budnle]", "bundle.ini:1: [budnle] is no section of a bundle")]
    public async Task A_wrong_bundle_file_is_named_with_its_line(string right, string wrong, string says)
    {
        var path = Path.Combine(provider.Bundle, "bundle.ini");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains(right, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(right, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (await provider.EnrollAsync()).Ended(ExitCode.Usage).Says(says);
    }
}
