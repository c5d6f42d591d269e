using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

public sealed class StatusTests
{
    [Fact]
    public async Task Before_the_first_apply_nothing_is_in_force_and_the_status_says_what_to_do()
    {
        await using var world = await TestWorld.StartAsync();

        (await world.Provider.RunAsync("status")).Ended(ExitCode.Stale).Says("nothing in force").Says("Run \"blocklist-agent apply\"").Says("none has succeeded yet");
    }

    [Fact]
    public async Task What_is_in_force_is_shown_with_its_age_and_its_evidence()
    {
        await using var world = await AppliedAsync();
        world.Clock.Advance(TimeSpan.FromHours(3));

        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done)
            .Says("worst-of          ok").Says("version 1, 1 entries, shown by serial at unbound").Says("(3 h ago)").Says("certificate       ends in 89 days");
    }

    [Fact]
    public async Task A_day_without_a_fresh_timestamp_is_stale()
    {
        await using var world = await AppliedAsync();
        await world.Server.DisposeAsync();
        world.Clock.Advance(TimeSpan.FromHours(25));
        (await world.ApplyAsync()).Ended(ExitCode.Network).Says("STALE: nothing fresh was seen for 25 hours");

        (await world.Provider.RunAsync("status")).Ended(ExitCode.Stale).Says("stale").Says("cannot be reached").Says("(1 polls failed since)");
    }

    [Fact]
    public async Task Metadata_past_its_date_is_expired()
    {
        await using var world = await AppliedAsync();
        world.Clock.Advance(TimeSpan.FromDays(8));

        (await world.Provider.RunAsync("status")).Ended(ExitCode.Stale).Says("worst-of          expired").Says("the signed metadata ended").Says("What is in force stays in force");
    }

    [Fact]
    public async Task A_zone_file_that_someone_changed_is_noticed()
    {
        await using var world = await AppliedAsync();
        await File.AppendAllTextAsync(world.Provider.ZoneFile(), "mine.example CNAME .\n", TestContext.Current.CancellationToken);

        (await world.Provider.RunAsync("status")).Ended(ExitCode.ApplyFailed).Says("zone file changed");
    }

    [Fact]
    public async Task Json_has_the_same_for_machines()
    {
        await using var world = await AppliedAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(90));

        var run = (await world.Provider.RunAsync("status", "--json")).Ended(ExitCode.Done);

        Assert.Empty(run.Progress);
        var json = JsonNode.Parse(run.Results)!;
        var list = json["lists"]![0]!;
        Assert.Equal("worst-of", (string?)list["list"]);
        Assert.Equal("ok", (string?)list["status"]);
        Assert.Equal(1, (int?)list["version"]);
        Assert.Equal(5400, (int?)list["age_seconds"]);
        Assert.False((bool?)list["stale"]);
        Assert.False((bool?)list["expired"]);
        Assert.Equal("blocked", (string?)list["probes"]!["first"]);
        Assert.Null(list["last_error"]);
        Assert.Equal(89, (int?)json["certificate_days_left"]);
        Assert.DoesNotContain("one.example", run.Results, StringComparison.Ordinal);
    }

    private static async Task<EnforcingWorld> AppliedAsync()
    {
        var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        return world;
    }
}
