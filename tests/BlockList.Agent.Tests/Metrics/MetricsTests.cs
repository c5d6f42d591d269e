using System.Globalization;
using System.Text.RegularExpressions;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Metrics;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task After_a_run_every_value_that_is_known_stands_in_the_file()
    {
        await using var world = await EnforcingWorld.StartAsync();
        var path = Configure(world.Provider);
        world.Repository.Publish("one.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        var values = await ReadAsync(path);

        var now = world.Clock.Now.ToUnixTimeSeconds();
        Assert.Equal(1, values["blocklist_agent_list_version{list=\"worst-of\"}"]);
        Assert.Equal(2, values["blocklist_agent_list_entries{list=\"worst-of\"}"]);
        Assert.Equal(now, values["blocklist_agent_list_poll_success_timestamp_seconds{list=\"worst-of\"}"]);
        Assert.Equal(now, values["blocklist_agent_last_run_timestamp_seconds"]);
        Assert.Equal(0, values["blocklist_agent_last_run_exit_code"]);
        Assert.Equal(1, values["blocklist_agent_list_zone_intact{list=\"worst-of\"}"]);
        Assert.InRange(values["blocklist_agent_certificate_end_timestamp_seconds"], now + 80 * 86400, now + 100 * 86400);
        Assert.Equal(UnixFileMode.OtherRead, File.GetUnixFileMode(path) & UnixFileMode.OtherRead);
    }

    [Fact]
    public async Task A_run_that_failed_shows_in_it()
    {
        await using var world = await TestWorld.StartAsync();
        var path = Configure(world.Provider);
        await world.Server.DisposeAsync();
        (await world.FetchAsync()).Ended(ExitCode.Network);

        var values = await ReadAsync(path);

        Assert.Equal(3, values["blocklist_agent_last_run_exit_code"]);
        Assert.Equal(1, values["blocklist_agent_list_failed_polls{list=\"worst-of\"}"]);
        Assert.Equal(1, values["blocklist_agent_list_stale{list=\"worst-of\"}"]);
        Assert.DoesNotContain("blocklist_agent_list_version{list=\"worst-of\"}", values.Keys);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_to_is_told_and_fails_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        Configure(world.Provider, "/nonexistent/agent.prom");
        world.Repository.Publish("one.example");

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("the metrics were not written to /nonexistent/agent.prom");
    }

    [Fact]
    public async Task A_collector_is_sent_the_same_values()
    {
        Prerequisite.Command("protoc");
        await using var world = await EnforcingWorld.StartAsync();
        await using var collector = await Collector.StartAsync();
        world.Provider.Configure($"otlp={collector.Address}");
        world.Repository.Publish("one.example", "two.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        var values = await collector.ValuesAsync();
        Assert.Equal(1, values["blocklist_agent_list_version worst-of"]);
        Assert.Equal(2, values["blocklist_agent_list_entries worst-of"]);
        Assert.Equal(0, values["blocklist_agent_last_run_exit_code"]);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_is_told_and_fails_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        string address;
        await using (var gone = await Collector.StartAsync()) address = gone.Address;
        world.Provider.Configure($"otlp={address}");
        world.Repository.Publish("one.example");

        (await world.FetchAsync()).Ended(ExitCode.Done).Says($"the metrics were not taken by the collector at {new Uri(address).Authority}");
    }

    private static string Configure(TestProvider provider, string? place = null)
    {
        var path = place ?? Path.Combine(provider.Directory, "agent.prom");
        provider.Configure($"metrics={path}");
        return path;
    }

    /// <summary>Every line, as a strict reader of the text format takes it.</summary>
    private static async Task<Dictionary<string, double>> ReadAsync(string path)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        var typed = "";
        foreach (var line in await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) typed = line.Split(' ')[2];
            if (line[0] == '#') continue;
            var match = Sample().Match(line);
            Assert.True(match.Success, line);
            Assert.Equal(typed, match.Groups["name"].Value);
            values.Add(match.Groups["name"].Value + match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
        }
        return values;
    }

    [GeneratedRegex("^(?<name>[a-z_]+)(?<labels>\\{[a-z]+=\"[^\"\\\\]*\"\\})? (?<value>[-0-9.E+]+)$")]
    private static partial Regex Sample();
}
