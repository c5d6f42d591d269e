using BlockList.Agent.Resolvers;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>What a running BIND enforces of a list.</summary>
public sealed class BindResolverTests(EnforcingBind bind) : IClassFixture<EnforcingBind>
{
    public static TheoryData<string> Actions => PolicyActions.All;

    private RunningBind Server => bind.Server;

    private EnforcedLists Lists => bind.Lists;

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Each_action_is_answered_for_listed_names_alone_and_survives_a_restart(string action)
    {
        Lists.Change(PolicyActions.Of(action));

        var check = await Lists.EnforceAsync(2, "one.example", "=host.two.example");

        Assert.Equal("blocked,free,free,blocked", string.Join(',', check.Probes.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value)));
        await DnsServer.UntilItHoldsAsync(SeenAsync);
        await Server.RestartAsync();
        await DnsServer.UntilItHoldsAsync(SeenAsync);

        await Lists.EnforceAsync(3);
        await Server.UntilAsync(() => Server.ResolvesAsync("one.example"));
        await Server.UntilAsync(() => Server.ResolvesAsync("host.two.example"));

        async Task SeenAsync()
        {
            foreach (var name in (string[])["one.example", "www.one.example", "host.two.example"]) await PolicyActions.SeenAsync(Server, name, Lists.Settings.Action);
            foreach (var name in (string[])["not-one.example", "two.example", "www.host.two.example", "sibling.two.example"]) Assert.True(await Server.ResolvesAsync(name), name);
        }
    }

    [Fact]
    public async Task Name_before_is_free_of_this_list_when_the_next_one_is_blocked_though_another_list_has_it()
    {
        Lists.Change(PolicyAction.NxDomain);
        await Lists.EnforceAsync(2, "one.example");
        Lists.Removed = "one.example";
        try
        {
            Assert.Equal(("blocked", "free"), Of(await Lists.EnforceAsync(3, "two.example")));
            await Lists.EnforceOtherAsync(2, "one.example");
            await Server.UntilAsync(() => Server.DeniesAsync("one.example"));
            // BIND says which zone decided.
            Assert.Equal(("blocked", "free"), Of(await Lists.EnforceAsync(4, "two.example")));
        }
        finally
        {
            Lists.Removed = null;
            await Lists.EnforceOtherAsync(3);
        }

        static (string, string) Of(ResolverCheck check) => (check.Probes["first"], check.Probes["removed"]);
    }

    [Fact]
    public async Task What_was_put_back_is_in_force_again_and_after_a_restart()
    {
        Lists.Change(PolicyAction.NxDomain);
        await Lists.EnforceAsync(2, "one.example");
        await Lists.EnforceAsync(3, "two.example");

        Assert.True((await Lists.PutBackAsync()).Succeeded);

        for (var start = 0; start < 2; start++)
        {
            // BIND goes by a zone a moment after it has loaded it.
            await Server.UntilAsync(() => Server.DeniesAsync("www.one.example"));
            await Server.UntilAsync(() => Server.ResolvesAsync("two.example"));
            await Server.RestartAsync();
        }
    }

    [Fact]
    public async Task One_version_rendered_twice_is_loaded_twice()
    {
        Lists.Change(PolicyAction.NxDomain);
        await Lists.EnforceAsync(2, "one.example", "two.example");

        await Lists.EnforceAsync(2, "two.example");

        await Server.UntilAsync(() => Server.ResolvesAsync("one.example"));
        await Server.UntilAsync(() => Server.DeniesAsync("two.example"));
    }

    [Fact]
    public async Task One_version_that_is_rendered_again_with_more_names_is_loaded_again()
    {
        Lists.Change(PolicyAction.NxDomain);
        await Lists.EnforceAsync(2, "one.example");

        await Lists.EnforceAsync(2, "one.example", "two.example");

        await Server.UntilAsync(() => Server.DeniesAsync("two.example"));
        await Server.UntilAsync(() => Server.DeniesAsync("one.example"));
    }

    [Fact]
    public async Task A_BIND_that_reads_another_file_is_found_out()
    {
        await using var server = new RunningBind(bind.Upstream.Address);
        using var lists = new EnforcedLists(ResolverType.Bind, server.Control, server.Address);
        await lists.PlaceEmptyAsync();
        var other = Path.Combine(lists.Directory, "elsewhere.rpz");
        File.Copy(lists.Settings.ZoneFile, other);
        (server.Options, server.Zones) = (lists.Snippet(SnippetPlace.Options), lists.Snippet(SnippetPlace.TopLevel).Replace(lists.Settings.ZoneFile, other, StringComparison.Ordinal));
        await server.StartAsync();

        var resolver = KnownResolvers.Of(lists.Settings);
        await resolver.RenderAsync(EnforcedLists.List("one.example"), Format.Serial.Create(2), TestContext.Current.CancellationToken);
        var answer = await resolver.LoadAsync(TestContext.Current.CancellationToken);

        Assert.False(answer.Succeeded);
        Assert.Contains("has loaded serial 1 of zone worst-of where 2 is due: it reads another file", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_BIND_that_loads_the_zone_and_does_not_enforce_it_is_found_out()
    {
        await using var server = new RunningBind(bind.Upstream.Address);
        using var lists = new EnforcedLists(ResolverType.Bind, server.Control, server.Address);
        await lists.PlaceEmptyAsync();
        server.Zones = lists.Snippet(SnippetPlace.TopLevel);
        await server.StartAsync();

        Assert.Contains("BIND answers the first name of the list with data", (await lists.TryAsync(2, "one.example")).NegativeProof, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_can_ask_BIND_for_the_list_itself()
    {
        await Lists.EnforceAsync(2, "one.example");

        Assert.Equal(Agent.Dns.DnsAnswer.Refused, (await Server.AskAsync("one.example.worst-of")).RCode);
    }
}
