using System.Text;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Log;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests;

/// <summary>Where root names a log key, targets are taken that the log shows, and the log is one log for ever.</summary>
public sealed class LogTests
{
    private static readonly string Origin = Checkpoint.OriginOf(TestRepository.Deployment, "worst-of");

    [Fact]
    public async Task Targets_that_the_log_shows_are_taken_with_one_request_and_none_while_they_stay()
    {
        await using var world = await LoggedAsync();
        Assert.Equal(["v1/worst-of/log/proof/0-1.targets.json"], Asked(world));
        Assert.Equal(1, world.Provider.StateOf().ReadMemory()!.Log!.Size);

        world.Repository.SignTimestamp();
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Empty(Asked(world));

        for (var version = 2; version <= 9; version++)
        {
            if (version % 3 == 0) world.Repository.Sign();
            else world.Repository.Publish("one.example", $"v{version}.example");
            (await world.FetchAsync()).Ended(ExitCode.Done);
            Assert.Equal([$"v1/worst-of/log/proof/{version - 1}-{version}.targets.json"], Asked(world));
            Assert.Equal(version, world.Provider.StateOf().ReadMemory()!.Log!.Size);
        }
        Assert.False(File.Exists(world.Provider.StateOf().RefusedLog));
    }

    [Fact]
    public async Task A_provider_that_was_away_goes_on_from_where_it_was()
    {
        await using var world = await LoggedAsync();
        Asked(world);
        for (var version = 2; version <= 12; version++) world.Repository.Publish("one.example", $"v{version}.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Equal(["v1/worst-of/log/proof/1-12.targets.json"], Asked(world));
    }

    [Theory]
    [InlineData("leaf", "is not what the log has as leaf 3")]
    [InlineData("other-targets", "is not what the log has as leaf 3")]
    [InlineData("fork-of-the-same-size", "the log of 3 leaves does not go on from the one of 3 that was signed before")]
    [InlineData("fork", "the log of 4 leaves does not go on from the one of 3 that was signed before")]
    [InlineData("shrunk", "the log has 2 leaves, but 3 were signed before")]
    [InlineData("wrong-key", "does not bear the signature of the log's key")]
    [InlineData("other-list", "does not bear the signature of the log's key")]
    [InlineData("unsigned", "the note has no signature")]
    [InlineData("other-size", "does not bear the signature of the log's key")]
    [InlineData("no-inclusion", "is not what the log has as leaf 3")]
    [InlineData("no-consistency", "the log of 4 leaves does not go on from the one of 3 that was signed before")]
    [InlineData("garbage", "the log's proof has another form")]
    [InlineData("empty", "the log's proof has another form")]
    [InlineData("not-text", "the log's proof has another form")]
    public async Task A_log_that_does_not_verify_stops_the_version_and_nothing_else(string attack, string said)
    {
        await using var world = await LoggedAsync();
        world.Repository.Publish("one.example", "two.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        world.Repository.Sign();
        (await world.FetchAsync()).Ended(ExitCode.Done);
        var memory = world.Provider.StateOf().ReadMemory()!;
        var honest = world.Repository.Log!;
        // One leaf more than the agent knows, and content that it has never seen.
        world.Repository.Publish("one.example", "two.example", "three.example");
        var proof = honest.Proof(3, Origin);
        var shown = attack switch
        {
            "leaf" => new TestLog(honest.Key, [.. honest.Leaves.Take(3), Leaf(4, new string('0', 64))]).Proof(3, Origin).ToBytes(),
            "other-targets" => new TestLog(honest.Key, [.. honest.Leaves.Take(3), honest.Leaves[2]]).Proof(3, Origin).ToBytes(),
            "fork-of-the-same-size" => new TestLog(honest.Key, [.. honest.Leaves.Take(2), honest.Leaves[3]]).Proof(3, Origin).ToBytes(),
            "fork" => new TestLog(honest.Key, [Leaf(1, new string('1', 64)), .. honest.Leaves.Skip(1)]).Proof(3, Origin).ToBytes(),
            "shrunk" => new TestLog(honest.Key, [honest.Leaves[0], honest.Leaves[3]]).Proof(3, Origin).ToBytes(),
            "wrong-key" => (proof with { Note = new TestLog(new SigningKey(), honest.Leaves).Note(Origin) }).ToBytes(),
            "other-list" => (proof with { Note = honest.Note(Checkpoint.OriginOf(TestRepository.Deployment, "another")) }).ToBytes(),
            "unsigned" => (proof with { Note = proof.Note.Split("\n\n")[0] + "\n" }).ToBytes(),
            "other-size" => (proof with { Note = proof.Note.Replace("\n4\n", "\n5\n", StringComparison.Ordinal) }).ToBytes(),
            "no-inclusion" => (proof with { Inclusion = [] }).ToBytes(),
            "no-consistency" => (proof with { Consistency = [] }).ToBytes(),
            "garbage" => Encoding.ASCII.GetBytes("<html>\n\n</html>"),
            "empty" => [],
            "not-text" => [0xff, 0x00, 0xfe],
            _ => throw new ArgumentException("no such attack", nameof(attack)),
        };
        world.Server.Tamper = (path, bytes) => path.StartsWith("log/", StringComparison.Ordinal) ? shown : bytes;

        for (var poll = 0; poll < 2; poll++)
            (await world.FetchAsync()).Ended(ExitCode.Refused).Says(said).Says("LOG ALARM: ").Says("what is in force stays").Says("Tell the operator by another way than this server");

        Assert.Equal(["one.example", "two.example"], world.Provider.Held()!.Lines);
        Assert.Equal((memory.Highest, memory.Log), (world.Provider.StateOf().ReadMemory()!.Highest, world.Provider.StateOf().ReadMemory()!.Log));
        Assert.Equal(shown, await File.ReadAllBytesAsync(world.Provider.StateOf().RefusedLog, TestContext.Current.CancellationToken));

        world.Server.Tamper = (_, bytes) => bytes;
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Equal(3, world.Provider.Held()!.Count);
        Assert.Equal(4, world.Provider.StateOf().ReadMemory()!.Log!.Size);
    }

    [Fact]
    public async Task A_list_that_one_provider_alone_is_shown_does_not_hold_off_the_one_that_everybody_is_shown()
    {
        await using var world = await LoggedAsync();
        var honest = world.Repository.Log!;
        // With the keys of the metadata and without the log's, for this provider alone.
        world.Repository.Log = null;
        world.Repository.Publish("one.example", "chosen-for-you.example");
        world.Repository.Files["log/proof/1-2.targets.json"] = honest.Proof(1, Origin).ToBytes();
        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("LOG ALARM: targets 2 is not what the log has as leaf 0");
        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);

        world.Repository.Log = honest;
        world.Repository.Publish(Serial.Create(2), "one.example", "two.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Equal(["one.example", "two.example"], world.Provider.Held()!.Lines);
    }

    [Theory]
    [InlineData(StatusCodes.Status404NotFound, "does not show that targets 2 of list worst-of are in its transparency log")]
    [InlineData(StatusCodes.Status500InternalServerError, "status 500")]
    [InlineData(StatusCodes.Status503ServiceUnavailable, "status 503")]
    [InlineData(StatusCodes.Status302Found, "status 302")]
    public async Task A_log_that_cannot_be_asked_is_trouble_with_the_network(int status, string said)
    {
        await using var world = await LoggedAsync();
        world.Repository.Publish("one.example", "two.example");
        world.Server.Intercept = context =>
        {
            if (!context.Request.Path.Value!.Contains("/log/", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };

        (await world.FetchAsync()).Ended(ExitCode.Network).Says(said);

        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);
        world.Server.Intercept = _ => Task.FromResult(false);
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Equal(2, world.Provider.Held()!.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_endless_log_is_cut(bool compressed)
    {
        await using var world = await LoggedAsync();
        world.Repository.Publish("one.example", "two.example");
        world.Server.Tamper = (path, bytes) => path.StartsWith("log/", StringComparison.Ordinal) ? new byte[64 * 1024 * 1024] : bytes;
        world.Server.Intercept = context =>
        {
            if (!compressed) context.Request.Headers.AcceptEncoding = "";
            return Task.FromResult(false);
        };

        (await world.FetchAsync()).Ended(ExitCode.Refused).Says($"more than the {LogProof.MaximumLength} bytes");

        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);
    }

    [Fact]
    public async Task A_list_without_a_log_key_is_asked_for_no_log_and_from_the_root_that_names_one_it_is()
    {
        await using var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Empty(Asked(world));
        Assert.Null(world.Provider.StateOf().ReadMemory()!.Log);

        world.Repository.Log = new TestLog();
        world.Repository.SignRoot(world.Repository.RootKeys);
        // Until the publisher signs under that root: what was taken before is in no log.
        (await world.FetchAsync()).Ended(ExitCode.Network).Says("does not show that targets 1");
        world.Repository.Sign();
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Equal(["v1/worst-of/log/proof/0-1.targets.json", "v1/worst-of/log/proof/0-2.targets.json"], Asked(world));
    }

    [Fact]
    public async Task A_root_that_replaces_the_log_key_begins_the_log_anew_and_nothing_else_does()
    {
        await using var world = await LoggedAsync();
        world.Repository.Publish("one.example", "two.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        // The log was lost and began again.
        var lost = world.Repository.Log!;
        world.Repository.Log = new TestLog(lost.Key, []);
        world.Repository.Publish("one.example", "two.example", "three.example");
        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("the log has 1 leaves, but 2 were signed before");
        world.Repository.SnapshotKey = new();
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Sign();
        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("does not go on from the one of 2");

        world.Repository.Log.Key = new();
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Sign();
        (await world.FetchAsync()).Ended(ExitCode.Done);
        Assert.Equal(3, world.Provider.Held()!.Count);
        Assert.Equal(world.Repository.Log.Key.Id, world.Provider.StateOf().ReadMemory()!.Log!.KeyId);
    }

    [Fact]
    public async Task A_receipt_says_which_log_the_agent_knows()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Log = new TestLog();
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish("one.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        var root = Convert.ToHexStringLower(Format.Statements.MerkleTree.Root(world.Repository.Log.Leaves));
        Assert.Equal([null, $$"""{"size":1,"root":"{{root}}"}"""], world.Server.Receipts.Select(r => r["checkpoint"]?.ToJsonString()));
    }

    [Fact]
    public async Task The_memory_of_an_agent_of_before_there_were_logs_is_read()
    {
        await using var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        var path = Path.Combine(world.Provider.State, "worst-of", "memory.json");
        var memory = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!.AsObject();
        Assert.True(memory.Remove("log"));
        await File.WriteAllTextAsync(path, memory.ToJsonString(), TestContext.Current.CancellationToken);
        world.Repository.Publish("one.example", "two.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
    }

    private static byte[] Leaf(int targets, string sha256) => new LogLeaf("worst-of", Serial.Create(targets), targets, sha256).ToBytes();

    /// <summary>What was asked of the log since the last call.</summary>
    private static string[] Asked(TestWorld world)
    {
        var asked = world.Server.Requests.Where(path => path.Contains("/log/", StringComparison.Ordinal)).ToArray();
        world.Server.Requests.Clear();
        return asked;
    }

    private static async Task<TestWorld> LoggedAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Log = new TestLog();
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        return world;
    }
}
