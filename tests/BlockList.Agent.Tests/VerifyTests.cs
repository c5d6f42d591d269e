using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

public sealed class VerifyTests
{
    [Fact]
    public async Task The_signed_list_is_recognised_with_version_and_count()
    {
        await using var world = await StartedAsync();

        (await VerifyAsync(world, "one.example\ntwo.example\n")).Ended(ExitCode.Done).Says("worst-of: it is version 1, 2 entries");
    }

    [Theory]
    [InlineData("one.example\n", "1 of its 2 entries are missing and 0 are too many")]
    [InlineData("one.example\nthree.example\ntwo.example\n", "0 of its 2 entries are missing and 1 are too many")]
    [InlineData("one.example\nthree.example\n", "1 of its 2 entries are missing and 1 are too many")]
    [InlineData("two.example\none.example\n", "it is no list file (line 2 of the list is not in order")]
    [InlineData("one.example\ntwo.exa", "it may be cut off")]
    [InlineData("<html></html>\n", "it is no list file (line 1")]
    public async Task Any_other_file_is_told_apart(string file, string says)
    {
        await using var world = await StartedAsync();

        var run = (await VerifyAsync(world, file)).Ended(ExitCode.Refused).Says("it is not version 1").Says(says);

        Assert.DoesNotContain(".example", run.Results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_metadata_still_tells_whether_a_file_is_the_list()
    {
        await using var world = await StartedAsync();
        world.Clock.Advance(TimeSpan.FromDays(400));

        (await VerifyAsync(world, "one.example\ntwo.example\n")).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task Before_the_first_fetch_there_is_nothing_to_compare_with()
    {
        await using var world = await TestWorld.StartAsync();

        (await VerifyAsync(world, "one.example\n")).Ended(ExitCode.Refused).Says("nothing was fetched and verified yet");
    }

    [Fact]
    public async Task A_file_or_a_list_that_does_not_exist_is_named()
    {
        await using var world = await StartedAsync();

        (await world.Provider.RunAsync("verify", "/nonexistent/list.txt")).Ended(ExitCode.Usage).Says("/nonexistent/list.txt does not exist");
        (await world.Provider.RunAsync("verify", "/etc/hostname", "--list", "other")).Ended(ExitCode.Usage).Says("no list \"other\"");
    }

    private static async Task<AgentRun> VerifyAsync(TestWorld world, string file)
    {
        var path = Path.Combine(world.Provider.Directory, "list.txt");
        await File.WriteAllTextAsync(path, file, TestContext.Current.CancellationToken);
        return await world.Provider.RunAsync("verify", path);
    }

    private static async Task<TestWorld> StartedAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example", "two.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        return world;
    }
}
