using BlockList.Agent.Resolvers;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>What a running Unbound enforces of a list, by zone file and by control channel.</summary>
public sealed class UnboundResolverTests(EnforcingUnbound unbound) : IClassFixture<EnforcingUnbound>
{
    private const int ByFile = 1000;
    private const int ByChannel = 0;

    public static TheoryData<string, int> ActionsAndWays { get; } =
        [.. PolicyActions.All.SelectMany(action => ((int[])[ByFile, ByChannel]).Select(way => new TheoryDataRow<string, int>(action, way)))];

    private RunningUnbound Server => unbound.Server;

    private EnforcedLists Lists => unbound.Lists;

    [Theory]
    [MemberData(nameof(ActionsAndWays))]
    public async Task Each_action_is_answered_for_listed_names_alone_and_survives_a_restart(string action, int channelAbove)
    {
        Lists.Change(PolicyActions.Of(action), channelAbove);

        var check = await Lists.EnforceAsync(2, "one.example", "=host.two.example");

        Assert.Equal("blocked,free,free,blocked", string.Join(',', check.Probes.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value)));
        Assert.Equal(channelAbove == ByChannel, Lists.LocalZonesText.Contains("\"one.example.\"", StringComparison.Ordinal));
        await SeenAsync();
        await Server.RestartAsync();
        await SeenAsync();

        await Lists.EnforceAsync(3);
        Assert.True(await Server.ResolvesAsync("one.example"));
        Assert.True(await Server.ResolvesAsync("host.two.example"));

        async Task SeenAsync()
        {
            foreach (var name in (string[])["one.example", "www.one.example", "host.two.example"]) await PolicyActions.SeenAsync(Server, name, Lists.Settings.Action);
            foreach (var name in (string[])["not-one.example", "two.example", "www.host.two.example", "sibling.two.example"]) Assert.True(await Server.ResolvesAsync(name), name);
        }
    }

    [Theory]
    [InlineData("nxdomain", "address 192.0.2.80")]
    [InlineData("address 192.0.2.80", "address 192.0.2.81")]
    [InlineData("address 192.0.2.80", "nodata")]
    public async Task A_change_of_action_reaches_every_local_zone(string before, string after)
    {
        Lists.Change(PolicyActions.Of(before), ByChannel);
        await Lists.EnforceAsync(2, "one.example", "two.example");
        Lists.Change(PolicyActions.Of(after));
        await Lists.EnforceAsync(3, "one.example", "two.example");

        await PolicyActions.SeenAsync(Server, "one.example", Lists.Settings.Action);
        await PolicyActions.SeenAsync(Server, "www.two.example", Lists.Settings.Action);
    }

    [Fact]
    public async Task Name_before_is_free_when_the_next_one_is_blocked_and_covered_where_another_list_has_it()
    {
        Lists.Change(PolicyAction.NxDomain);
        await Lists.EnforceAsync(2, "one.example");
        Lists.Removed = "one.example";
        try
        {
            Assert.Equal(("blocked", "free"), Of(await Lists.EnforceAsync(3, "two.example")));
            await Lists.EnforceOtherAsync(2, "one.example");
            Assert.Equal(("blocked", "covered"), Of(await Lists.EnforceAsync(4, "two.example")));
        }
        finally
        {
            Lists.Removed = null;
            await Lists.EnforceOtherAsync(3);
        }

        static (string, string) Of(ResolverCheck check) => (check.Probes["first"], check.Probes["removed"]);
    }

    [Fact]
    public async Task A_list_that_grows_and_shrinks_changes_its_way_with_no_moment_at_which_a_name_is_free()
    {
        Lists.Change(PolicyAction.NxDomain, channelAbove: 10);
        string[] kept = ["=host.kept.example", "one.example", .. Names(7)];
        await Lists.EnforceAsync(2, kept);
        Assert.DoesNotContain("one.example", Lists.LocalZonesText, StringComparison.Ordinal);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watch = Server.WatchAsync(["one.example", "www.name-3.example", "host.kept.example"], stop.Token);
        var version = 3;
        for (var round = 0; round < 5; round++)
        {
            await Lists.EnforceAsync(version++, [.. kept, .. Names(20).Skip(7)]);
            Assert.Contains("\"one.example.\"", Lists.LocalZonesText, StringComparison.Ordinal);
            Assert.DoesNotContain("one.example", Lists.ZoneText, StringComparison.Ordinal);
            // Just below the limit it stays where it is.
            await Lists.EnforceAsync(version++, [.. kept, .. Names(8).Skip(7)]);
            Assert.Contains("\"one.example.\"", Lists.LocalZonesText, StringComparison.Ordinal);
            await Lists.EnforceAsync(version++, [.. kept.Except(["name-6.example"])]);
            Assert.DoesNotContain("one.example", Lists.LocalZonesText, StringComparison.Ordinal);
        }
        await stop.CancelAsync();

        Assert.True(await watch > 100, "hardly anything was asked meanwhile");
        Assert.True(await Server.ResolvesAsync("name-6.example"));
    }

    [Fact]
    public async Task A_name_whose_scope_changes_is_blocked_all_the_while()
    {
        Lists.Change(PolicyAction.NxDomain, ByChannel);
        await Lists.EnforceAsync(2, "=one.example", "two.example");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watch = Server.WatchAsync(["one.example", "two.example"], stop.Token);

        for (var version = 3; version < 9; version += 2)
        {
            await Lists.EnforceAsync(version, "one.example", "=two.example");
            Assert.True(await Server.DeniesAsync("www.one.example"));
            Assert.True(await Server.ResolvesAsync("www.two.example"));
            await Lists.EnforceAsync(version + 1, "=one.example", "two.example");
            Assert.True(await Server.ResolvesAsync("www.one.example"));
        }
        await stop.CancelAsync();

        Assert.True(await watch > 20, "hardly anything was asked meanwhile");
    }

    [Fact]
    public async Task Only_what_changed_goes_through_the_channel()
    {
        Lists.Change(PolicyAction.NxDomain, ByChannel);
        await Lists.EnforceAsync(2, "one.example", "two.example");
        // Taken away behind the agent's back: a step that gives Unbound only what is new does not bring it again.
        await new ControlCommand(Lists.Settings.Resolver.Control).RunAsync(["local_zone_remove", "two.example"], [], TestContext.Current.CancellationToken);

        var check = await Lists.TryAsync(3, "one.example", "two.example", "three.example");

        Assert.True(await Server.ResolvesAsync("two.example"));
        Assert.Equal("open", check.Probes["last"]);
    }

    [Fact]
    public async Task A_version_that_Unbound_did_not_load_whole_is_given_to_it_once_more()
    {
        Lists.Change(PolicyAction.NxDomain, ByChannel);
        await Lists.EnforceAsync(2, "one.example", "two.example");
        var control = new ControlCommand(Lists.Settings.Resolver.Control);
        await control.RunAsync(["local_zone_remove", "two.example"], [], TestContext.Current.CancellationToken);
        await control.RunAsync(["local_data_remove", new LocalZonesMarker("worst-of").Version], [], TestContext.Current.CancellationToken);

        await Lists.EnforceAsync(3, "one.example", "two.example", "three.example");

        Assert.True(await Server.DeniesAsync("two.example"));
    }

    [Fact]
    public async Task A_name_that_another_list_has_as_well_stays_blocked()
    {
        Lists.Change(PolicyAction.NxDomain, ByChannel);
        await Lists.EnforceOtherAsync(2, "both.example");
        await Lists.EnforceAsync(2, "both.example", "one.example");

        await Lists.EnforceAsync(3, "two.example");

        Assert.True(await Server.DeniesAsync("both.example"));
        Assert.True(await Server.ResolvesAsync("one.example"));
        await Lists.EnforceOtherAsync(3);
        Assert.True(await Server.ResolvesAsync("both.example"));
    }

    [Fact]
    public async Task Without_the_include_in_its_configuration_Unbound_keeps_the_zone_file_however_long_the_list_is()
    {
        await using var server = new RunningUnbound();
        using var lists = new EnforcedLists(ResolverType.Unbound, server.Control, server.Address);
        await lists.PlaceEmptyAsync();
        server.Snippet = string.Concat(lists.Snippet(SnippetPlace.TopLevel).Split('\n').Where(l => !l.StartsWith("include:", StringComparison.Ordinal)).Select(l => l + "\n"));
        await server.StartAsync();
        lists.Change(channelAbove: ByChannel);

        await lists.EnforceAsync(2, "one.example");

        Assert.Contains("\none.example CNAME .\n", lists.ZoneText, StringComparison.Ordinal);
        await server.RestartAsync();
        Assert.True(await server.DeniesAsync("one.example"));
    }

    [Theory]
    [InlineData(ByFile)]
    [InlineData(ByChannel)]
    public async Task What_was_put_back_is_in_force_again_and_after_a_restart(int channelAbove)
    {
        Lists.Change(PolicyAction.NxDomain, channelAbove);
        await Lists.EnforceAsync(2, "one.example", "=host.one-more.example");
        await Lists.EnforceAsync(3, "two.example");

        Assert.True((await Lists.PutBackAsync()).Succeeded);

        for (var start = 0; start < 2; start++)
        {
            Assert.True(await Server.DeniesAsync("www.one.example"));
            Assert.True(await Server.DeniesAsync("host.one-more.example"));
            Assert.True(await Server.ResolvesAsync("two.example"));
            await Server.RestartAsync();
        }
    }

    [Fact]
    public async Task An_include_that_somebody_changed_still_says_what_Unbound_may_have_to_lose()
    {
        Lists.Change(PolicyAction.NxDomain, ByChannel);
        await Lists.EnforceAsync(2, "one.example", "two.example");
        var include = LocalZonesFile.PathOf(Lists.Settings.ZoneFile);
        await File.WriteAllTextAsync(include, "# mine\n" + Lists.LocalZonesText, TestContext.Current.CancellationToken);

        await Lists.EnforceAsync(3, "two.example");

        Assert.True(await Server.ResolvesAsync("one.example"));
        Assert.True(await Server.DeniesAsync("two.example"));
    }

    [Fact]
    public async Task What_is_placed_after_a_load_that_failed_still_has_the_names_that_are_to_go()
    {
        Lists.Change(PolicyAction.NxDomain, ByChannel);
        await Lists.EnforceAsync(2, "one.example", "two.example");
        var resolver = KnownResolvers.Of(Lists.Settings);
        await resolver.RenderAsync(EnforcedLists.List("two.example"), Format.Serial.Create(3), TestContext.Current.CancellationToken);

        resolver.Place();

        Assert.Contains("\"one.example.\"", Lists.LocalZonesText, StringComparison.Ordinal);
        await Lists.EnforceAsync(3, "two.example");
        Assert.True(await Server.ResolvesAsync("one.example"));
        Assert.DoesNotContain("\"one.example.\"", Lists.LocalZonesText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Unbound_that_starts_again_in_the_middle_of_a_removal_keeps_nothing_of_it()
    {
        Lists.Change(PolicyAction.NxDomain, ByChannel);
        await Lists.EnforceAsync(2, "one.example", "two.example");
        var once = Path.Combine(Lists.Directory, "once");
        var control = Path.Combine(Lists.Directory, "control");
        await File.WriteAllTextAsync(control, $"""
            #!/bin/sh
            {Server.Control} "$@" || exit 1
            case "$*" in *local_zones_remove*) [ -e {once} ] || {Server.Control} reload >{once} ;; esac

            """, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(control, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var usual = Lists.Settings.Resolver.Control;
        Lists.ControlBy([control]);

        await Lists.EnforceAsync(3, "two.example");

        Assert.True(File.Exists(once));
        Assert.True(await Server.ResolvesAsync("one.example"));
        Assert.True(await Server.DeniesAsync("two.example"));
        Lists.ControlBy(usual);
    }

    [Fact]
    public async Task A_name_that_the_provider_exempts_keeps_no_version_out_and_a_list_that_is_not_enforced_is_found_out()
    {
        await using var server = new RunningUnbound();
        using var lists = new EnforcedLists(ResolverType.Unbound, server.Control, server.Address);
        await lists.PlaceEmptyAsync();
        var own = Path.Combine(lists.Directory, "own.rpz");
        await File.WriteAllTextAsync(own, "$TTL 60\n@ SOA localhost. hostmaster.localhost. 1 3600 600 86400 60\n@ NS localhost.\na.example CNAME rpz-passthru.\n", TestContext.Current.CancellationToken);
        server.Snippet = $"rpz:\n  name: own\n  zonefile: \"{own}\"\n" + lists.Snippet(SnippetPlace.TopLevel);
        await server.StartAsync();

        var check = await lists.EnforceAsync(2, "a.example", "b.example", "c.example");

        Assert.Equal("open", check.Probes["first"]);
        Assert.True(await server.DeniesAsync("c.example"));
        Assert.Contains("answers the first name of the list with data", (await lists.TryAsync(3, "a.example")).NegativeProof, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"name-{i}.example");
}
