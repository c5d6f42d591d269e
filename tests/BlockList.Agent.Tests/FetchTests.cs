using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;

namespace BlockList.Agent.Tests;

public sealed class FetchTests
{
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
}
