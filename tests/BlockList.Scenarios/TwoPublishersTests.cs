using System.Globalization;
using BlockList.Tools.Deployments;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>Two publishers of one deployment, started together: each slot is published once.</summary>
public sealed class TwoPublishersTests(Installation installation)
{
    private const string List = DevelopmentKeys.EnforcementTest;

    [Fact]
    public async Task Two_publishers_publish_one_version_for_each_slot()
    {
        var token = TestContext.Current.CancellationToken;
        await using var superuser = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        var configuration = installation.Deployment.ConfigurationOf("publisher");
        var second = installation.State.Write(configuration.Replace("publisher.ini", "publisher2.ini", StringComparison.Ordinal),
            System.Text.RegularExpressions.Regex.Replace(await File.ReadAllTextAsync(configuration, token), @"Port = \d+", $"Port = {Tools.Development.FreePort.Pick().Port}"), secret: true);
        await using var other = await Tools.Development.ManagedProcess.StartAsync(installation.State,
            new Tools.Development.ProgramStart("publisher2", installation.Deployment.Programs.Server("publisher", "--config", second)), token);
        await other.WaitForLineAsync(line => line.Contains("listening on", StringComparison.OrdinalIgnoreCase), ct: token);

        var versionsBefore = await CountAsync(superuser, "select count(*) from publishing.version where list = $1");
        for (var slot = 1; slot <= 3; slot++)
        {
            var at = TimeProvider.System.GetUtcNow().AddSeconds(3);
            var days = new[] { at.AddDays(-1), at, at.AddDays(1) }.Select(d => d.DayOfWeek == DayOfWeek.Sunday ? "7" : ((int)d.DayOfWeek).ToString(CultureInfo.InvariantCulture));
            await installation.Deployment.RunAsync("curation", ["schedule", "--list", List, "--days", .. days, "--at", at.ToString("HH:mm:ss", CultureInfo.InvariantCulture)], token);
            await other.WaitUntilAsync(async ct => await CountAsync(superuser, "select count(*) from publishing.slot where list = $1 and outcome = 'published'") >= slot, TimeSpan.FromSeconds(60), token);
        }
        // Both have looked again since: nothing more came.
        var sweeps = TimeProvider.System.GetUtcNow().AddSeconds(6);
        await other.WaitUntilAsync(_ => Task.FromResult(TimeProvider.System.GetUtcNow() > sweeps), TimeSpan.FromSeconds(30), token);
        Assert.Equal(3L, await CountAsync(superuser, "select count(*) from publishing.slot where list = $1"));
        Assert.Equal(versionsBefore + 3, await CountAsync(superuser, "select count(*) from publishing.version where list = $1"));
    }

    [Fact]
    public async Task Two_runs_at_the_same_moment_give_two_versions_or_one_but_never_the_same_serial_twice()
    {
        var token = TestContext.Current.CancellationToken;
        await using var superuser = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        var before = await CountAsync(superuser, "select count(*) from publishing.version where list = $1");
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => installation.PublishAsync(List)));
        var published = runs.Count(r => r.Contains("Published", StringComparison.Ordinal));
        Assert.InRange(published, 1, 4);
        Assert.Equal(before + published, await CountAsync(superuser, "select count(*) from publishing.version where list = $1"));
        Assert.Equal(0L, await CountAsync(superuser, "select max(serial) - count(*) from publishing.version where list = $1"));
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(List);
        return Convert.ToInt64(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
    }
}
