using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

/// <summary>The honest path, the order of its steps, and dates.</summary>
public sealed class TrustedMetadataTests
{
    private readonly SignedRepository repository = new();
    private readonly byte[] targets;
    private readonly byte[] snapshot;
    private readonly byte[] timestamp;

    public TrustedMetadataTests()
    {
        targets = repository.Targets(3);
        snapshot = repository.Snapshot(2, targets, 3);
        timestamp = repository.Timestamp(1, snapshot, 2);
    }

    [Fact]
    public void Root_timestamp_snapshot_and_targets_are_taken_in_this_order()
    {
        var client = Client();

        Assert.True(client.UpdateTimestamp(timestamp));
        client.RequireFreshTimestamp();
        client.UpdateSnapshot(snapshot);
        client.UpdateTargets(targets);

        Assert.Equal((1, 1, 2, 3), (client.Root.Version, client.Timestamp!.Version, client.Snapshot!.Version, client.Targets!.Version));
        Assert.Equal(["list.txt"], client.Targets.Files.Keys);
    }

    [Fact]
    public void A_step_out_of_order_is_an_error_of_the_caller()
    {
        var client = Client();
        Assert.Throws<InvalidOperationException>(() => client.RequireFreshTimestamp());
        Assert.Throws<InvalidOperationException>(() => client.UpdateSnapshot(snapshot));
        Assert.Throws<InvalidOperationException>(() => client.UpdateTargets(targets));
        client.UpdateTimestamp(timestamp);
        Assert.Throws<InvalidOperationException>(() => client.UpdateRoot(repository.Root(2)));
        Assert.Throws<InvalidOperationException>(() => client.UpdateTargets(targets));
        client.UpdateSnapshot(snapshot);
        Assert.Throws<InvalidOperationException>(() => client.UpdateTimestamp(timestamp));
        client.UpdateTargets(targets);
        Assert.Throws<InvalidOperationException>(() => client.UpdateSnapshot(snapshot));
    }

    [Fact]
    public void A_timestamp_of_the_same_version_is_not_taken_again()
    {
        var client = Client();
        client.UpdateTimestamp(timestamp);
        var known = client.Timestamp;

        Assert.False(client.UpdateTimestamp(timestamp));
        // Signed twice under one number: the first one known stays.
        Assert.False(client.UpdateTimestamp(repository.Timestamp(1, repository.Snapshot(5, targets, 3), 5)));

        Assert.Same(known, client.Timestamp);
    }

    [Fact]
    public void A_newer_timestamp_replaces_the_one_before()
    {
        var client = Client();
        client.UpdateTimestamp(timestamp);
        Assert.True(client.UpdateTimestamp(repository.Timestamp(4, snapshot, 2)));
        Assert.Equal(4, client.Timestamp!.Version);
    }

    [Fact]
    public void Each_role_is_taken_until_the_second_before_its_date()
    {
        var client = Client(SignedRepository.Later.AddSeconds(-1));
        client.UpdateTimestamp(timestamp);
        client.UpdateSnapshot(snapshot);
        client.UpdateTargets(targets);
        Assert.NotNull(client.Targets);
    }

    [Fact]
    public void An_expired_root_takes_the_next_root_and_nothing_else()
    {
        var client = Client(SignedRepository.Later);
        Expired("root", client, () => client.UpdateTimestamp(timestamp));

        var next = repository.RootDocument(2) with { Expires = SignedRepository.Later.AddDays(1) };
        client.UpdateRoot(SignedRepository.Sign(next.ToJson(), repository.RootKeys));

        // Root lives again; the timestamp of the same date does not.
        client.UpdateTimestamp(timestamp);
        Expired("timestamp", client, client.RequireFreshTimestamp);
    }

    [Fact]
    public void An_expired_timestamp_stays_known_and_vouches_for_nothing()
    {
        var client = Client();
        client.UpdateTimestamp(repository.Timestamp(9, snapshot, 2, expires: SignedRepository.Now));

        Expired("timestamp", client, client.RequireFreshTimestamp);
        Expired("timestamp", client, () => client.UpdateSnapshot(snapshot));
        Expired("timestamp", client, () => client.UpdateSnapshot(snapshot, remembered: true));
        Assert.Equal(RefusalReason.Rollback, Assert.Throws<RefusedException>(() => client.UpdateTimestamp(repository.Timestamp(8, snapshot, 2))).Reason);
        client.UpdateTimestamp(repository.Timestamp(10, snapshot, 2));
        client.UpdateSnapshot(snapshot);
    }

    [Fact]
    public void An_expired_snapshot_vouches_for_no_targets()
    {
        var old = repository.Snapshot(2, targets, 3, expires: SignedRepository.Now);
        var client = Client();
        client.UpdateTimestamp(repository.Timestamp(1, old, 2));
        client.UpdateSnapshot(old);

        Expired("snapshot", client, () => client.UpdateTargets(targets));
    }

    [Fact]
    public void Expired_targets_are_not_taken()
    {
        var old = repository.Targets(3, expires: SignedRepository.Now);
        var above = repository.Snapshot(2, old, 3);
        var client = Client();
        client.UpdateTimestamp(repository.Timestamp(1, above, 2));
        client.UpdateSnapshot(above);

        Expired("targets", client, () => client.UpdateTargets(old));
    }

    [Fact]
    public void A_remembered_snapshot_guards_and_the_one_that_the_timestamp_names_replaces_it()
    {
        var before = repository.Snapshot(1, repository.Targets(1), 1, expires: SignedRepository.Now.AddYears(-1));
        var client = Client();
        client.UpdateTimestamp(timestamp);

        client.UpdateSnapshot(before, remembered: true);

        var early = Assert.Throws<RefusedException>(() => client.UpdateTargets(repository.Targets(1)));
        Assert.Equal((RefusalReason.Version, "the snapshot is older than the timestamp"), (early.Reason, early.Message));
        client.UpdateSnapshot(snapshot);
        client.UpdateTargets(targets);
    }

    [Fact]
    public void A_root_of_its_own_threshold_is_trusted_and_of_less_is_not()
    {
        var root = repository.RootDocument().ToJson();
        Assert.Equal(1, new TrustedMetadata(SignedRepository.Sign(root, repository.RootKeys.Skip(1)), SignedRepository.Now).Root.Version);
        var refused = Assert.Throws<RefusedException>(() => new TrustedMetadata(SignedRepository.Sign(root, repository.RootKeys.Take(1)), SignedRepository.Now));
        Assert.Equal(RefusalReason.Signature, refused.Reason);
        Assert.Equal("root bears 1 valid signatures of the 2 that root 1 asks for", refused.Message);
    }

    private TrustedMetadata Client(DateTimeOffset? now = null) => new(repository.Root(), now ?? SignedRepository.Now);

    private static void Expired(string role, TrustedMetadata client, Action take)
    {
        var before = (client.Root, client.Timestamp, client.Snapshot, client.Targets);
        var refused = Assert.Throws<RefusedException>(take);
        Assert.Equal(RefusalReason.Expired, refused.Reason);
        Assert.StartsWith($"{role} expired at 2026-11-2", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, (client.Root, client.Timestamp, client.Snapshot, client.Targets));
    }
}
