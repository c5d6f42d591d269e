using System.Text.Json;
using BlockList.Agent;
using BlockList.Agent.Commands;
using BlockList.Format;
using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>Providers that get their certificate by a code: real roles, a real agent, a real Unbound.</summary>
public sealed class EnrolmentTests(Installation installation)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provider_gets_by_a_code_to_a_resolver_that_blocks_and_a_later_code_replaces_its_certificate()
    {
        await using var provider = await NewProvider.StartAsync(installation.Deployment, installation.Demo.Authority, "new-isp", Ct);
        var lines = new List<string>();
        await new EnrolmentJourney(installation.Deployment, provider, lines.Add).RunAsync(Ct);
        foreach (var line in lines) TestContext.Current.SendDiagnosticMessage(line);
        Assert.StartsWith("3 steps of the operator, 2 of the provider, ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Path.GetDirectoryName(provider.AgentConfiguration)!, "key.pem")));
        Assert.DoesNotContain(Directory.GetFiles(provider.AgentState), file => file.Contains("enrolment-", StringComparison.Ordinal));

        // Its certificate is revoked: the agent goes on enforcing, and a code gets it another; its configuration stays.
        var configuration = await File.ReadAllTextAsync(provider.AgentConfiguration, Ct);
        await installation.Deployment.RunAsync("curation", ["provider", "revoke", "--provider", provider.Name], Ct);
        Assert.Contains("certificate-revoked", await CertificateRefusalAsync(provider), StringComparison.Ordinal);
        (await provider.EnrollAsync(await CodeAsync(provider), Ct, "--renew")).Require();
        (await provider.AgentAsync(["apply"], Ct)).Require();

        Assert.Equal(configuration, await File.ReadAllTextAsync(provider.AgentConfiguration, Ct));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(provider.AgentState, "identity.pem")));
        Assert.Equal(89, JsonDocument.Parse((await provider.AgentAsync(["status", "--json"], Ct)).Output).RootElement.GetProperty("certificate_days_left").GetInt32());
    }

    [Fact]
    public async Task Enrolment_that_was_interrupted_goes_on_with_the_same_key_and_ends_and_may_be_given_again()
    {
        await using var provider = await NewProvider.StartAsync(installation.Deployment, installation.Demo.Authority, "broken-isp", Ct);
        await installation.Deployment.RunAsync("curation", ["provider", "register", provider.Name, "--contact", "+00 0 000", .. DevelopmentKeys.Followed.SelectMany(list => new[] { "--list", list })], Ct);
        await provider.TakeBundleAsync(Ct);
        var code = await CodeAsync(provider);

        // Each run is killed one durable write later than the one before, until one gets through: key, certificate, roots, files, configuration.
        var kills = 0;
        while (await KilledAtAsync(provider, code, kills + 1) != 0) Assert.InRange(++kills, 1, 20);

        Assert.InRange(kills, 5, 20);
        (await provider.EnrollAsync(code, Ct)).Require();
        (await provider.AgentAsync(["apply"], Ct)).Require();
        Assert.Single(JsonDocument.Parse(await installation.Deployment.RunAsync("curation", ["provider", "list", "--json"], Ct)).RootElement.EnumerateArray()
            .Single(known => known.GetProperty("name").GetString() == provider.Name).GetProperty("certificates").EnumerateArray());
        // Somebody else with the same code gets nothing.
        await using var stranger = await NewProvider.StartAsync(installation.Deployment, installation.Demo.Authority, "stranger-isp", Ct);
        await stranger.TakeBundleAsync(Ct);
        var refused = await stranger.EnrollAsync(code, Ct);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("This code was used with another key", refused.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> CertificateRefusalAsync(NewProvider provider)
    {
        var refused = await provider.AgentAsync(["fetch"], Ct);
        Assert.NotEqual(0, refused.ExitCode);
        return refused.Errors.Contains("This certificate was revoked", StringComparison.Ordinal) ? "certificate-revoked" : refused.Errors;
    }

    /// <summary>In this process, where a run can be ended between a file and its place.</summary>
    private static async Task<int> KilledAtAsync(NewProvider provider, string code, int point)
    {
        var reached = 0;
        FaultPoint.Watcher.Value = _ =>
        {
            if (++reached == point) throw new InvalidOperationException("killed here by the test");
        };
        try
        {
            using var said = new StringWriter();
            return await AgentCommandLine.RunAsync([.. provider.EnrollArguments(code), "--config", provider.AgentConfiguration], TimeProvider.System, new AgentOutput(said, said), Ct);
        }
        finally
        {
            FaultPoint.Watcher.Value = null;
        }
    }

    private async Task<string> CodeAsync(NewProvider provider) =>
        JsonDocument.Parse(await installation.Deployment.RunAsync("curation", ["provider", "code", provider.Name, "--json"], Ct)).RootElement.GetProperty("code").GetString()!;
}
