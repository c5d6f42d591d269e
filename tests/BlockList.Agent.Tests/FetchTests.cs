using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Tests;

public sealed class FetchTests
{
    /// <summary>Long enough that a delta of a name or two is the shorter way.</summary>
    private static readonly string[] Hundred = [.. Enumerable.Range(0, 100).Select(i => $"name-{i}.example")];

    [Fact]
    public async Task First_fetch_brings_the_whole_list_and_remembers_its_version()
    {
        await using var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example", "=two.example");

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("version 1 fetched and verified, 2 entries");

        Assert.Equal(["=two.example", "one.example"], world.Provider.Held()!.Lines);
        Assert.Equal(Serial.First, world.Provider.StateOf().ReadMemory()!.Highest!.Version);
        Assert.Equal(world.Repository.Files["tuf/timestamp.json"], await File.ReadAllBytesAsync(world.Provider.StateOf().Timestamp, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_poll_without_news_is_two_requests_of_at_most_500_bytes_both_ways_on_one_connection()
    {
        await using var world = await TestWorld.StartAsync();
        world.Repository.Publish(Hundred);
        (await world.FetchAsync()).Ended(ExitCode.Done);
        world.Server.Requests.Clear();
        world.Server.Traffic.Reset();

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("version 1 is the newest and is here");

        Assert.Equal(["v1/worst-of/tuf/2.root.json", "v1/worst-of/tuf/timestamp.json"], world.Server.Requests);
        Assert.Equal(1, world.Server.Traffic.Connections);
        TestContext.Current.TestOutputHelper!.WriteLine($"idle poll: {world.Server.Traffic.Received} bytes asked, {world.Server.Traffic.Sent} answered");
        Assert.InRange(world.Server.Traffic.Received + world.Server.Traffic.Sent, 100, 500);
    }

    [Fact]
    public async Task A_new_version_comes_by_its_delta()
    {
        await using var world = await WorldWithHundredAsync();
        world.Repository.Publish([.. Hundred.Skip(1), "new.example"]);

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("version 2 fetched and verified, 100 entries, by deltas");

        Assert.Equal(world.Repository.Current.Lines, world.Provider.Held()!.Lines);
        Assert.DoesNotContain(world.Server.Requests, r => r.EndsWith("list.txt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Versions_that_were_missed_come_by_all_their_deltas()
    {
        await using var world = await WorldWithHundredAsync();
        world.Repository.Publish([.. Hundred, .. Enumerable.Range(0, 300).Select(i => $"more-{i}.example")]);
        (await world.FetchAsync()).Ended(ExitCode.Done);
        for (var i = 0; i < 5; i++) world.Repository.Publish([.. world.Repository.Current.Lines.Skip(1), $"new-{i}.example"]);

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("version 7 fetched and verified, 400 entries, by deltas");

        Assert.Equal(world.Repository.Current.Lines, world.Provider.Held()!.Lines);
    }

    [Fact]
    public async Task A_gap_between_deltas_brings_the_whole_list()
    {
        await using var world = await WorldWithHundredAsync();
        world.Repository.Publish([.. Hundred, "new.example"]);
        world.Repository.Publish([.. Hundred, "new.example", "newer.example"]);
        world.Repository.Targets = files => files.Remove(Delta.PathOf(Serial.Create(1), Serial.Create(2)));
        world.Repository.Sign();

        (await world.FetchAsync()).Ended(ExitCode.Done);

        Assert.Equal(world.Repository.Current.Lines, world.Provider.Held()!.Lines);
        Assert.DoesNotContain(world.Server.Requests, r => r.Contains("/delta/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deltas_of_half_the_list_or_more_are_not_worth_it()
    {
        await using var world = await WorldWithHundredAsync();
        world.Repository.Publish([.. Hundred.Skip(50)]);

        (await world.FetchAsync()).Ended(ExitCode.Done);

        Assert.DoesNotContain(world.Server.Requests, r => r.Contains("/delta/", StringComparison.Ordinal));
        Assert.Equal(50, world.Provider.Held()!.Count);
    }

    [Fact]
    public async Task More_than_thirty_versions_missed_bring_the_whole_list()
    {
        await using var world = await WorldWithHundredAsync();
        for (var i = 0; i < 31; i++) world.Repository.Publish([.. Hundred, $"new-{i}.example"]);

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("version 32");

        Assert.DoesNotContain(world.Server.Requests, r => r.Contains("/delta/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not what targets names")]
    [InlineData("from another list")]
    [InlineData("to another list")]
    [InlineData("from another version")]
    [InlineData("removes what is absent")]
    [InlineData("not a delta")]
    public async Task A_broken_delta_brings_the_whole_list(string broken)
    {
        await using var world = await WorldWithHundredAsync();
        var (from, to) = (Serial.Create(1), Serial.Create(2));
        var path = Delta.PathOf(from, to);
        world.Repository.Targets = files =>
        {
            var good = Delta.Parse(world.Repository.Files["targets/" + files[path].LocationOf(path)]);
            var nowhere = new string('0', 64);
            var bytes = broken switch
            {
                "from another list" => (good with { FromSha256 = nowhere }).ToBytes(),
                "to another list" => (good with { ToSha256 = nowhere }).ToBytes(),
                "from another version" => (good with { From = to, To = to.Next() }).ToBytes(),
                "removes what is absent" => (good with { Removed = ["absent.example"] }).ToBytes(),
                "not a delta" => "<html>502 Bad Gateway</html>\n"u8.ToArray(),
                _ => good.ToBytes(),
            };
            files[path] = Format.Tuf.TargetFile.To(bytes);
            if (broken == "not what targets names") bytes[^2] ^= 1;
            world.Repository.Files["targets/" + files[path].LocationOf(path)] = bytes;
        };
        world.Repository.Publish([.. Hundred.Skip(1), "new.example"]);

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("the deltas were not used");

        Assert.Contains(world.Server.Requests, r => r.Contains("/delta/", StringComparison.Ordinal));
        Assert.Equal(world.Repository.Current.Lines, world.Provider.Held()!.Lines);
    }

    [Fact]
    public async Task A_version_with_the_content_of_the_one_before_needs_no_download()
    {
        await using var world = await WorldWithHundredAsync();
        world.Repository.Publish(Hundred);
        world.Server.Requests.Clear();

        (await world.FetchAsync()).Ended(ExitCode.Done);

        Assert.Equal(Serial.Create(2), world.Provider.HeldVersion());
        Assert.DoesNotContain(world.Server.Requests, r => r.Contains("/targets/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Content_that_was_damaged_or_lost_on_the_disk_is_fetched_again(bool lost)
    {
        await using var world = await WorldWithHundredAsync();
        var content = world.Provider.StateOf().Content;
        if (lost) File.Delete(content);
        else await File.WriteAllTextAsync(content, "someone-elses.example\n", TestContext.Current.CancellationToken);

        (await world.FetchAsync()).Ended(ExitCode.Done);

        Assert.Equal(world.Repository.Current.Lines, world.Provider.Held()!.Lines);
    }

    [Fact]
    public async Task Two_lists_are_kept_apart()
    {
        using var pki = new TestPki();
        var clock = new TestClock();
        TestRepository[] repositories = [new(clock), new(clock, "enforcement-test")];
        await using var server = await TestServer.StartAsync(pki, repositories);
        using var provider = new TestProvider(clock);
        provider.WriteBundle(pki, server.Address, repositories);
        (await provider.EnrollAsync()).Ended(ExitCode.Done);
        repositories[0].Publish("one.example");
        repositories[1].Publish("test.example");

        (await provider.RunAsync("fetch")).Ended(ExitCode.Done);

        Assert.Equal(["one.example"], provider.Held()!.Lines);
        Assert.Equal(["test.example"], provider.Held("enforcement-test")!.Lines);
    }

    private static async Task<TestWorld> WorldWithHundredAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Publish(Hundred);
        (await world.FetchAsync()).Ended(ExitCode.Done);
        world.Server.Requests.Clear();
        return world;
    }
}
