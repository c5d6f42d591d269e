using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests;

public sealed class ApplyTests
{
    [Fact]
    public async Task A_listed_name_resolves_before_is_blocked_after_and_free_again_when_it_is_removed()
    {
        await using var world = await EnforcingWorld.StartAsync();
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));

        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force").Says("shown by serial; 1 of 1 probes blocked");
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
        Assert.True(await world.Unbound.BlocksAsync("www.one.example"));
        Assert.True(await world.Unbound.ResolvesAsync("neighbour.example"));
        Assert.True(await world.Unbound.ResolvesAsync("not-one.example"));

        world.Repository.Publish("two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force");
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task A_host_is_blocked_without_what_lies_below_it()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("=one.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        Assert.True(await world.Unbound.BlocksAsync("one.example"));
        Assert.True(await world.Unbound.ResolvesAsync("www.one.example"));
        Assert.Equal("free", world.Provider.StateOf().ReadApplied()!.Probes["first_child"]);
    }

    [Fact]
    public async Task What_is_in_force_already_is_not_touched()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        // Now a reload would fail the run.
        world.ChangeConfiguration(world.Unbound.Control, "/nonexistent/control");

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force already");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("$TTL 300\n@ SOA localhost. hostmaster.localhost. 1 3600 600 86400 300\n@ NS localhost.\nmine.example CNAME .\n")]
    public async Task A_zone_file_that_was_removed_or_changed_is_rendered_again(string? content)
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        var zone = world.ZoneText;
        if (content is null) File.Delete(world.Provider.ZoneFile());
        else await File.WriteAllTextAsync(world.Provider.ZoneFile(), content, TestContext.Current.CancellationToken);
        // Without the server, too.
        await world.Server.DisposeAsync();

        (await world.ApplyAsync()).Ended(ExitCode.Network).Says("version 1 is in force at unbound");

        Assert.Equal(zone, world.ZoneText);
    }

    [Fact]
    public async Task Without_the_server_the_last_verified_version_is_applied()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.Provider.RunAsync("fetch")).Ended(ExitCode.Done);
        await world.Server.DisposeAsync();

        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Done).Says("version 1 is in force");

        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task Without_the_server_and_without_a_verified_version_nothing_is_applied()
    {
        await using var world = await EnforcingWorld.StartAsync();

        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Usage).Says("nothing to apply");
    }

    [Fact]
    public async Task Stored_content_that_was_changed_is_not_applied()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        await File.WriteAllTextAsync(world.Provider.StateOf().Content, "two.example\n", TestContext.Current.CancellationToken);

        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Refused).Says("not the list that was verified");

        Assert.True(await world.Unbound.ResolvesAsync("two.example"));
    }

    [Fact]
    public async Task Expired_metadata_leaves_the_zone_in_force()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Clock.Advance(TimeSpan.FromDays(8));

        (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("timestamp expired").Says("in force already");

        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_resolver_that_reads_another_file_has_the_version_before_put_back()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        var before = world.ZoneText;
        var other = Path.Combine(world.Provider.Zones, "other.rpz");
        await using (var stream = File.Create(other)) RpzZone.Write(stream, ListFile.Empty, Serial.Create(7));
        await world.Unbound.RestartAsync("", ("worst-of", other));
        world.Repository.Publish("one.example", "two.example");

        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("has loaded serial 7").Says("The version before was put back");
        Assert.Equal(before, world.ZoneText);
        Assert.Equal(Serial.First, world.Provider.StateOf().ReadApplied()!.List.Version);

        await world.Unbound.RestartAsync();
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force");
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task A_resolver_that_loads_the_zone_and_does_not_enforce_it_is_found_out()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        var before = world.ZoneText;
        await world.Unbound.RestartAsync("rpz-action-override: disabled");
        world.Repository.Publish("one.example", "two.example");

        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("answers the first name of the list with data").Says("put back");

        Assert.Equal(before, world.ZoneText);
    }

    [Fact]
    public async Task Probes_that_show_nothing_roll_nothing_back()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.ChangeConfiguration($"address={world.Unbound.Address}", "address=127.0.0.1:1");
        world.Repository.Publish("one.example", "two.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("0 of 2 probes blocked");

        Assert.True(await world.Unbound.BlocksAsync("one.example"));
        Assert.All(world.Provider.StateOf().ReadApplied()!.Probes.Values, result => Assert.Equal("inconclusive", result));
    }

    [Fact]
    public async Task A_resolver_that_does_not_run_has_its_first_zone_file_waiting_and_later_ones_put_back()
    {
        await using var world = await EnforcingWorld.StartAsync();
        await world.Unbound.StopAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("did not load zone worst-of").Says("has the verified version");

        await world.Unbound.RestartAsync();
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force");

        await world.Unbound.StopAsync();
        var before = world.ZoneText;
        world.Repository.Publish("two.example");
        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("put back").Says("Check that it runs");
        Assert.Equal(before, world.ZoneText);

        await world.Unbound.RestartAsync();
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force");
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task A_zone_directory_that_does_not_exist_is_named()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.ChangeConfiguration(world.Provider.Zones, "/nonexistent/zones");
        world.Repository.Publish("one.example");

        (await world.ApplyAsync()).Ended(ExitCode.Usage).Says("/nonexistent/zones of the zone file does not exist");
    }

    [Fact]
    public async Task A_receipt_says_what_is_in_force_and_what_shows_it()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("=two.example", "one.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        var receipt = Assert.Single(world.Server.Receipts);
        Assert.Equal("worst-of", (string?)receipt["list"]);
        Assert.Equal(1, (int?)receipt["version"]);
        Assert.Equal(Hashes.Sha256(world.Repository.Current.ToBytes()), (string?)receipt["sha256"]);
        Assert.Equal("unbound", (string?)receipt["resolver"]);
        Assert.Equal("serial", (string?)receipt["evidence"]);
        Assert.Equal("""{"first":"blocked","first_child":"free","first_sibling":"free","last":"blocked"}""", receipt["probes"]!.ToJsonString());
        Assert.Equal(0, (int?)receipt["left_out"]);
        Assert.Equal(Format.Json.Timestamp.Format(world.Clock.Now), (string?)receipt["clock"]);
        Assert.NotEmpty((string)receipt["agent_version"]!);
    }

    [Fact]
    public async Task A_receipt_that_cannot_be_posted_fails_nothing_and_is_posted_by_a_later_run()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        world.Server.ReceiptStatus = StatusCodes.Status503ServiceUnavailable;
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("the receipt was not posted");
        world.Repository.Publish("two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        world.Server.ReceiptStatus = StatusCodes.Status200OK;
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("in force already");

        Assert.Equal([1, 2], world.Server.Receipts.Select(r => (int)r["version"]!));
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        Assert.Equal(2, world.Server.Receipts.Count);
    }

    [Fact]
    public async Task A_first_version_that_is_empty_blocks_nothing_and_is_in_force()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish();

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force at unbound, 0 entries");

        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
    }
}
