using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Tests;

/// <summary>What a server, or someone in front of it, or a thief of one key, may try. Each time the agent must refuse and
/// keep what it has.</summary>
public sealed class AttackTests
{
    [Fact]
    public Task An_older_timestamp_is_refused() => RefusedAsync(world =>
    {
        var old = world.Repository.Files["tuf/timestamp.json"];
        world.Repository.Sign();
        return () => world.Repository.Files["tuf/timestamp.json"] = old;
    }, "TAMPER ALARM", fetchBefore: true);

    [Fact]
    public Task A_timestamp_that_names_an_older_snapshot_is_refused() => RefusedAsync(world =>
    {
        world.Repository.Sign();
        return () =>
        {
            world.Repository.SnapshotVersion = 1;
            world.Repository.SignTimestamp();
        };
    }, "snapshot 1 was offered, but 2 is already known", fetchBefore: true);

    [Fact]
    public Task A_snapshot_that_names_older_targets_is_refused() => RefusedAsync(world =>
    {
        world.Repository.Sign();
        return () =>
        {
            world.Repository.TargetsVersion = 1;
            world.Repository.SignSnapshot();
            world.Repository.SignTimestamp();
        };
    }, "targets 1 was offered, but 2 is already known", fetchBefore: true);

    [Fact]
    public Task A_lower_list_version_in_new_metadata_is_refused() => RefusedAsync(world =>
    {
        world.Repository.Publish("one.example", "two.example");
        return () => world.Repository.Publish(Serial.First, "one.example");
    }, "version 1 of the list was offered, but version 2 is already known", fetchBefore: true);

    [Fact]
    public Task The_same_list_version_with_another_content_is_refused() => RefusedAsync(
        world => () => world.Repository.Publish(Serial.First, "other.example"),
        "version 1 of the list was offered a second time with another content");

    [Theory]
    [InlineData(RoleName.Timestamp)]
    [InlineData(RoleName.Snapshot)]
    [InlineData(RoleName.Targets)]
    public Task A_signature_of_a_key_that_root_does_not_name_is_refused(string role) => RefusedAsync(world => () =>
    {
        if (role == RoleName.Timestamp) world.Repository.TimestampKey = new();
        if (role == RoleName.Snapshot) world.Repository.SnapshotKey = new();
        if (role == RoleName.Targets) world.Repository.TargetsKeys = [new()];
        world.Repository.Publish("one.example", "two.example");
    }, $"{role} bears 0 valid signatures");

    [Fact]
    public Task A_key_of_one_role_cannot_sign_for_another() => RefusedAsync(world => () =>
    {
        world.Repository.TargetsKeys = [world.Repository.TimestampKey];
        world.Repository.Publish("one.example", "two.example");
    }, "targets bears 0 valid signatures");

    [Fact]
    public Task Targets_with_one_signature_of_two_is_refused() => RefusedAsync(world =>
    {
        world.Repository.TargetsKeys = [.. world.Repository.TargetsKeys, new()];
        world.Repository.TargetsThreshold = 2;
        world.Repository.SignRoot(world.Repository.RootKeys.Take(2));
        world.Repository.Sign();
        return () =>
        {
            world.Repository.TargetsKeys = [world.Repository.TargetsKeys[0]];
            world.Repository.Publish("one.example", "two.example");
        };
    }, "targets bears 1 valid signatures of the 2", fetchBefore: true);

    [Fact]
    public Task A_root_with_one_signature_of_two_is_refused() => RefusedAsync(
        world => () => world.Repository.SignRoot(world.Repository.RootKeys.Take(1)), "root bears 1 valid signatures of the 2");

    [Fact]
    public Task A_root_that_the_old_keys_did_not_sign_is_refused() => RefusedAsync(world => () =>
    {
        world.Repository.RootKeys = [new(), new(), new()];
        world.Repository.SignRoot(world.Repository.RootKeys);
    }, "root bears 0 valid signatures");

    [Fact]
    public Task A_root_that_skips_a_number_is_refused() => RefusedAsync(world => () =>
    {
        world.Repository.RootVersion = 2;
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Files["tuf/2.root.json"] = world.Repository.Files["tuf/3.root.json"];
    }, "root 3 came where root 2 was due");

    [Fact]
    public Task A_root_of_another_list_is_refused_though_the_same_keys_signed_it() => RefusedAsync(world => () =>
    {
        var foreign = world.Repository.RootDocument() with { Version = 2, List = "other-list" };
        world.Repository.Write("2.root.json", foreign.ToJson(), world.Repository.RootKeys);
    }, "for another deployment or list");

    [Fact]
    public Task Targets_of_another_list_is_refused_though_the_same_keys_signed_it() => RefusedAsync(world => () =>
    {
        world.Repository.Facts = facts => facts with { List = "other-list" };
        world.Repository.Publish("one.example", "two.example");
    }, "is for list \"other-list\"");

    [Fact]
    public Task Targets_of_another_deployment_is_refused_though_the_same_keys_signed_it() => RefusedAsync(world => () =>
    {
        world.Repository.Facts = facts => facts with { Deployment = "other-deployment" };
        world.Repository.Publish("one.example", "two.example");
    }, "of deployment \"other-deployment\"");

    [Fact]
    public Task A_new_timestamp_with_an_old_snapshot_in_place_of_the_new_one_is_refused() => RefusedAsync(world => () =>
    {
        var old = world.Repository.Files["tuf/1.snapshot.json"];
        world.Repository.Publish("one.example", "two.example");
        world.Repository.Files["tuf/2.snapshot.json"] = old;
    }, "refused: ");

    [Fact]
    public Task A_new_snapshot_with_old_targets_in_place_of_the_new_one_is_refused() => RefusedAsync(world => () =>
    {
        var old = world.Repository.Files["tuf/1.targets.json"];
        world.Repository.Publish("one.example", "two.example");
        world.Repository.Files["tuf/2.targets.json"] = old;
    }, "refused: ");

    [Fact]
    public Task A_list_with_another_count_than_targets_says_is_refused() => RefusedAsync(world => () =>
    {
        world.Repository.Facts = facts => facts with { Count = 7 };
        world.Repository.Publish("one.example", "two.example");
    }, "has 2 entries where targets says 7");

    [Theory]
    [InlineData(RoleName.Root)]
    [InlineData(RoleName.Targets)]
    [InlineData(RoleName.Snapshot)]
    [InlineData(RoleName.Timestamp)]
    public Task Metadata_past_its_date_is_refused_and_what_is_held_stays(string role) => RefusedAsync(world => () =>
    {
        world.Repository.Lifetimes[role] = TimeSpan.FromMinutes(-1);
        if (role == RoleName.Root) world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish("one.example", "two.example");
    }, $"{role} expired at", ExitCode.Stale);

    [Fact]
    public async Task A_server_that_stands_still_is_noticed_when_its_timestamp_ends()
    {
        await using var world = await StartedAsync();
        world.Clock.Advance(TimeSpan.FromDays(8));

        (await world.FetchAsync()).Ended(ExitCode.Stale).Says("timestamp expired at").Says("STALE: nothing fresh was seen for 192 hours");

        Assert.NotNull(world.Provider.Held());
    }

    /// <summary>Sets an attack up, and makes sure that it is refused as often as it is tried and that nothing held changes.</summary>
    /// <param name="prepare">Honest work before the attack; gives the attack.</param>
    /// <param name="says">Part of the message.</param>
    /// <param name="code">How the agent must end.</param>
    /// <param name="fetchBefore">Whether the agent sees the honest work before the attack.</param>
    private static async Task RefusedAsync(Func<TestWorld, Action> prepare, string says, ExitCode code = ExitCode.Refused, bool fetchBefore = false)
    {
        await using var world = await StartedAsync();
        var attack = prepare(world);
        if (fetchBefore) (await world.FetchAsync()).Ended(ExitCode.Done);
        var held = world.Provider.Held()!.Lines;
        var version = world.Provider.HeldVersion();

        attack();

        (await world.FetchAsync()).Ended(code).Says(says);
        Assert.Equal(held, world.Provider.Held()!.Lines);
        Assert.Equal(version, world.Provider.HeldVersion());
        Assert.Equal(1, world.Provider.StateOf().ReadPoll().Failures);
        (await world.FetchAsync()).Ended(code).Says(says);
        Assert.Equal(held, world.Provider.Held()!.Lines);
    }

    private static async Task<TestWorld> StartedAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        return world;
    }
}
