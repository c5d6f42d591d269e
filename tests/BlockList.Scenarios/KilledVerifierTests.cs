using BlockList.Format;
using BlockList.Server.Verifying;
using BlockList.Tools.Deployments;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>kill -9 of the verifier between any two of its steps, once each: the publisher waits in vain or has its signature, and
/// the next run publishes.</summary>
public sealed class KilledVerifierTests(Installation installation) : IDisposable
{
    private readonly ProviderClient client = new(installation.Deployment, installation.Provider);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Verifier_killed_between_any_two_steps_leaves_a_whole_version_and_the_next_run_goes_on()
    {
        var token = TestContext.Current.CancellationToken;
        var deployment = installation.Deployment;
        var names = VerifyFaults.All.ToDictionary(point => point, point => $"killed-{point.Split('/')[1]}-verifier.example");
        await installation.ProposeAsync(names.Values);
        await installation.PublishAsync();
        foreach (var (point, name) in names)
        {
            var (before, _) = await client.VerifyWholeAsync(DevelopmentKeys.WorstOf);
            await installation.ReviewAsync(name);
            await deployment.Roles.Last(role => role.Name == "verifier").DisposeAsync();
            var dying = await deployment.StartRoleAsync("verifier", token, new Dictionary<string, string> { [FaultPoint.Variable] = point });
            var published = await deployment.TryAsync("publisher", ["publish", "--list", DevelopmentKeys.WorstOf], token, new Dictionary<string, string> { ["BLOCKLIST_Publishing__VerifierSeconds"] = "3" });
            Assert.NotEqual(0, await dying.Exited.WaitAsync(TimeSpan.FromSeconds(30), token));
            var wasAnswered = point == VerifyFaults.Answered;
            Assert.Equal(wasAnswered ? 0 : 4, published.ExitCode);
            var (between, listBetween) = await client.VerifyWholeAsync(DevelopmentKeys.WorstOf);
            Assert.Equal(wasAnswered ? before.Version.Next() : before.Version, between.Version);
            Assert.Equal(wasAnswered, listBetween.Contains(name));

            await deployment.StartRoleAsync("verifier", token);
            await installation.PublishAsync();
            var (after, listAfter) = await client.VerifyWholeAsync(DevelopmentKeys.WorstOf);
            Assert.Equal(before.Version.Next(), after.Version);
            Assert.True(listAfter.Contains(name));
        }
        await using var superuser = NpgsqlDataSource.Create(deployment.SuperuserConnectionString);
        await using var command = superuser.CreateCommand("select count(*) from (select from verifying.answer where outcome = 'signed' group by list, serial having count(distinct list_sha256) > 1) as twice");
        Assert.Equal(0L, await command.ExecuteScalarAsync(token));
    }
}
