using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Format.Enrolment;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlockList.Agent.Tests;

/// <summary>How the agent knows the server that takes its code, and what it believes of it.</summary>
public sealed class EnrolmentServerTests : IAsyncLifetime
{
    private const string Code = "01234-56789-ABCDE-FGHJK-MNPQR";

    private readonly TestPki pki = new();
    private readonly TestPki other = new();
    private readonly TestClock clock = new();
    private readonly TestRepository repository;
    private readonly TestProvider provider;
    private TestServer lists = null!;
    private WebApplication application = null!;
    private Func<HttpContext, Task> answer = context => WriteAsync(context, StatusCodes.Status403Forbidden, """{"title":"This code is not right","detail":"Compare it."}""", "application/problem+json");
    private JsonNode? asked;

    public EnrolmentServerTests()
    {
        repository = new TestRepository(clock);
        provider = new TestProvider(clock);
    }

    private string Address => application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public async ValueTask InitializeAsync()
    {
        lists = await TestServer.StartAsync(pki, repository);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(pki.Server)));
        application = builder.Build();
        application.Run(async context =>
        {
            asked = await JsonNode.ParseAsync(context.Request.Body);
            await answer(context);
        });
        await application.StartAsync();
        provider.WriteBundle(pki, lists.Address, repository);
        foreach (var file in new[] { "certificate.pem", "key.pem" }) File.Delete(Path.Combine(provider.Bundle, file));
        Say($"enrolment={Address}");
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
        await lists.DisposeAsync();
        provider.Dispose();
        pki.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task Code_stays_here_and_its_proof_is_for_the_key_that_was_made_here()
    {
        (await provider.EnrollAsync("--code", Code.ToLowerInvariant())).Ended(ExitCode.Network).Says("This code is not right: Compare it");

        Assert.True(EnrolmentCode.TryParse(Code, out var code));
        var file = Path.Combine(provider.State, "enrolment-01234.key.pem");
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(["csr", "handle", "proof"], asked!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("01234", Convert.ToHexStringLower(code.ProofFor(key.ExportSubjectPublicKeyInfo()))), ((string?)asked["handle"], (string?)asked["proof"]));
        Assert.False(File.Exists(provider.Config));
    }

    [Fact]
    public async Task Server_of_another_authority_is_not_asked_unless_the_bundle_names_its_very_certificate()
    {
        await File.WriteAllTextAsync(Path.Combine(provider.Bundle, "ca.pem"), other.AuthorityPem, TestContext.Current.CancellationToken);
        (await provider.EnrollAsync("--code", Code)).Ended(ExitCode.Network).Says("no secure connection");
        Assert.Null(asked);

        Say("enrolment-sha256=" + Convert.ToHexString(pki.Server.GetCertHash(HashAlgorithmName.SHA256)));
        (await provider.EnrollAsync("--code", Code)).Ended(ExitCode.Network).Says("This code is not right");
    }

    [Fact]
    public async Task Named_certificate_counts_alone()
    {
        Say("enrolment-sha256=" + new string('a', 64));

        (await provider.EnrollAsync("--code", Code)).Ended(ExitCode.Network).Says("no secure connection");
        Assert.Null(asked);
    }

    [Fact]
    public async Task Certificate_of_another_key_is_refused_and_nothing_is_set_up()
    {
        answer = context => WriteAsync(context, StatusCodes.Status200OK, pki.Client().Certificate, "application/x-pem-file");

        (await provider.EnrollAsync("--code", Code)).Ended(ExitCode.Refused).Says("something else than a certificate for the key that was made here");
        Assert.False(File.Exists(provider.Config));
    }

    [Theory]
    [InlineData("not a code", "25 letters and digits")]
    [InlineData("", "25 letters and digits")]
    public async Task What_is_no_code_is_said_before_anybody_is_asked(string typed, string said)
    {
        (await provider.EnrollAsync("--code", typed)).Ended(ExitCode.Usage).Says(said);
        Assert.Null(asked);
    }

    [Theory]
    [InlineData("enrolment=http://enrol.example", "no address such as https")]
    [InlineData("enrolment=https://enrol.example/path", "no address such as https")]
    [InlineData("enrolment-sha256=abc", "64 hexadecimal digits")]
    public async Task Bundle_that_leads_elsewhere_is_refused(string line, string said)
    {
        var file = Path.Combine(provider.Bundle, "bundle.ini");
        var kept = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Where(other => !other.StartsWith(line.Split('=')[0] + "=", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(file, [.. kept, line], TestContext.Current.CancellationToken);

        (await provider.EnrollAsync("--code", Code)).Ended(ExitCode.Usage).Says(said);
        Assert.Null(asked);
    }

    [Fact]
    public async Task Bundle_without_an_address_takes_no_code_and_renew_needs_one()
    {
        provider.WriteBundle(pki, lists.Address, repository);
        (await provider.EnrollAsync("--code", Code)).Ended(ExitCode.Usage).Says("says no address of enrolment");

        (await provider.EnrollAsync()).Ended(ExitCode.Done);
        (await provider.EnrollAsync("--renew")).Ended(ExitCode.Usage).Says("--renew needs --code");
    }

    private static Task WriteAsync(HttpContext context, int status, string text, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }

    private void Say(string line) => File.AppendAllText(Path.Combine(provider.Bundle, "bundle.ini"), line + "\n");
}
