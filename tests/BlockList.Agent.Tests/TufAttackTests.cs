using System.Text;
using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Tests;

/// <summary>
/// Attacks by the names that the TUF specification gives them (section 1.5.2), where <see cref="AttackTests"/>,
/// <see cref="HostileServerTests"/> and <see cref="RootRotationTests"/> have none of that name. There: rollback of timestamp, snapshot,
/// targets and list version, freeze, wrong key, too few signatures, expiry of each role, a root that skips a number, endless data.
/// </summary>
public sealed class TufAttackTests
{
    [Fact]
    public async Task Arbitrary_installation_a_repository_of_the_attackers_own_is_refused_with_all_its_roots()
    {
        await using var world = await StartedAsync();
        var own = new TestRepository(world.Clock);
        own.Publish("attacker.example");
        own.SignRoot(own.RootKeys);
        own.Publish("attacker.example", "other.example");
        world.Repository.Files.Clear();
        foreach (var (path, bytes) in own.Files) world.Repository.Files[path] = bytes;

        await RefusedAsync(world, "root bears 0 valid signatures");

        world.Repository.Files.Remove("tuf/2.root.json");
        await RefusedAsync(world, "timestamp bears 0 valid signatures");
    }

    [Fact]
    public async Task Arbitrary_installation_another_list_in_the_place_of_the_signed_one_is_refused()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish("one.example", "two.example");
        var list = Assert.Single(world.Repository.Files.Keys, path => path.EndsWith(Hashes.Sha256(world.Repository.Current.ToBytes()) + ".list.txt", StringComparison.Ordinal));
        world.Repository.Files[list] = "bad.example\nevil.example"u8.ToArray();

        await RefusedAsync(world, "refused: ");
    }

    [Fact]
    public async Task Mix_and_match_targets_of_another_state_that_the_same_key_signed_is_refused()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish("one.example", "two.example");
        var second = world.Repository.Files["tuf/2.targets.json"];
        world.Repository.Publish("one.example", "three.example");
        // Both are honest and correctly signed; they were never in one repository together.
        world.Repository.Files["tuf/3.targets.json"] = second;

        await RefusedAsync(world, "refused: ");
    }

    [Fact]
    public async Task Mix_and_match_a_delta_of_another_version_leads_nowhere_and_the_whole_list_is_fetched()
    {
        await using var world = await TestWorld.StartAsync();
        world.Repository.Publish([.. Enforcing.VersionChain.Names(0, 100)]);
        (await world.FetchAsync()).Ended(ExitCode.Done);
        world.Repository.Targets = files =>
        {
            if (!files.TryGetValue("delta/2-3.txt", out var other)) return;
            files["delta/1-2.txt"] = other;
            world.Repository.Files["targets/" + other.LocationOf("delta/1-2.txt")] = world.Repository.Files["targets/" + other.LocationOf("delta/2-3.txt")];
        };
        world.Repository.Publish([.. Enforcing.VersionChain.Names(0, 101)]);
        world.Repository.Publish([.. Enforcing.VersionChain.Names(0, 102)]);

        (await world.FetchAsync()).Ended(ExitCode.Done).Says("the deltas were not used (delta/1-2.txt starts at version 2)");

        Assert.Equal(world.Repository.Current.Lines, world.Provider.Held()!.Lines);
    }

    [Fact]
    public async Task Duplicate_key_ids_a_key_that_signs_twice_does_not_count_twice()
    {
        await using var world = await StartedAsync();
        var key = world.Repository.TargetsKeys[0];
        world.Repository.TargetsKeys = [key, new()];
        world.Repository.TargetsThreshold = 2;
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish("one.example", "two.example");
        SignTargetsWith(world.Repository, signed => [key.Sign(signed), key.Sign(signed)]);

        await RefusedAsync(world, "two signatures of one key");
    }

    [Fact]
    public async Task Duplicate_key_ids_one_key_under_two_ids_does_not_count_twice()
    {
        await using var world = await StartedAsync();
        var key = world.Repository.TargetsKeys[0];
        // The id covers every byte of the object: a line end less in the text of the key is another id for the same key.
        var json = JsonNode.Parse(key.Public.Json.GetRawText())!;
        json["keyval"]!["public"] = ((string)json["keyval"]!["public"]!).TrimEnd('\n');
        var again = VerificationKey.Parse(CanonicalJson.Parse(Encoding.UTF8.GetBytes(json.ToJsonString())));
        Assert.NotEqual(key.Id, again.KeyId);
        var root = world.Repository.RootDocument() with { Version = 2 };
        root = root with
        {
            Keys = root.Keys.Append(KeyValuePair.Create(again.KeyId, again)).ToDictionary(StringComparer.Ordinal),
            Roles = root.Roles.ToDictionary(r => r.Key, r => r.Key == RoleName.Targets ? new RoleKeys([key.Id, again.KeyId], 2) : r.Value, StringComparer.Ordinal),
        };
        world.Repository.Write("2.root.json", root.ToJson(), world.Repository.RootKeys);
        world.Repository.Publish("one.example", "two.example");
        SignTargetsWith(world.Repository, signed => [key.Sign(signed), new DocumentSignature(again.KeyId, key.Sign(signed).Value)]);

        await RefusedAsync(world, "targets bears 1 valid signatures of the 2");
    }

    [Fact]
    public async Task Endless_data_roots_without_end_are_stopped()
    {
        await using var world = await StartedAsync();
        for (var root = 0; root < 1030; root++) world.Repository.SignRoot(world.Repository.RootKeys.Take(2));

        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("more than 1024 new roots at once");

        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);
        // It went on from the last one that it kept, so that nothing is lost where there truly are that many.
        world.Repository.Sign();
        (await world.FetchAsync()).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task Fast_forward_of_the_list_version_is_in_force_nowhere_and_a_root_with_new_keys_recovers_from_it()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        var honest = (world.Repository.TargetsVersion, world.Repository.SnapshotVersion, world.Repository.TimestampVersion);
        // The thief of all online keys.
        world.Repository.TargetsVersion = world.Repository.SnapshotVersion = world.Repository.TimestampVersion = 2_000_000_000;
        world.Repository.Publish(Serial.Create(2_000_000_000), "victim.example");

        (await world.ApplyAsync()).Ended(ExitCode.Held).Says("runs 1999999999 ahead of version 1");
        Assert.True(await world.Unbound.ResolvesAsync("victim.example"));
        Assert.True(await world.Unbound.BlocksAsync("one.example"));

        (world.Repository.TargetsKeys, world.Repository.SnapshotKey, world.Repository.TimestampKey) = ([new()], new(), new());
        world.Repository.SignRoot(world.Repository.RootKeys);
        (world.Repository.TargetsVersion, world.Repository.SnapshotVersion, world.Repository.TimestampVersion) = honest;
        world.Repository.Publish(Serial.Create(2), "one.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force");
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
        Assert.True(await world.Unbound.ResolvesAsync("victim.example"));
    }

    [Fact]
    public async Task Unknown_fields_are_kept_and_covered_by_the_signatures()
    {
        await using var world = await StartedAsync();
        world.Repository.Documents = document => document["x-later"] = new JsonObject { ["text"] = "ü\n", ["number"] = 1 };
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish("one.example", "two.example");

        (await world.FetchAsync()).Ended(ExitCode.Done);

        var state = world.Provider.StateOf();
        foreach (var (kept, served) in new[] { (state.Root, "2.root.json"), (state.Timestamp, "timestamp.json"), (state.Snapshot, "2.snapshot.json"), (state.Targets, "2.targets.json") })
        {
            Assert.Equal(world.Repository.Files["tuf/" + served], await File.ReadAllBytesAsync(kept, TestContext.Current.CancellationToken));
            Assert.Equal("ü\n", (string?)JsonNode.Parse(await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken))!["signed"]!["x-later"]!["text"]);
        }

        // A reader that dropped what it does not know would take this one.
        world.Server.Tamper = (path, bytes) => path == "tuf/timestamp.json" ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"number\":1", "\"number\":2", StringComparison.Ordinal)) : bytes;
        world.Repository.Sign();
        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("timestamp bears 0 valid signatures");
    }

    private static void SignTargetsWith(TestRepository repository, Func<JsonObject, IEnumerable<DocumentSignature>> sign)
    {
        var path = $"tuf/{repository.TargetsVersion}.targets.json";
        var signed = JsonNode.Parse(repository.Files[path])!["signed"]!.AsObject();
        repository.Files[path] = SignedDocument.Compose(signed, sign(signed));
        repository.SignSnapshot();
        repository.SignTimestamp();
    }

    private static async Task RefusedAsync(TestWorld world, string says)
    {
        (await world.FetchAsync()).Ended(ExitCode.Refused).Says(says);
        Assert.Equal(["one.example"], world.Provider.Held()!.Lines);
        Assert.Equal(Serial.First, world.Provider.HeldVersion());
    }

    private static async Task<TestWorld> StartedAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        return world;
    }
}
