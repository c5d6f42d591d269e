using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

/// <summary>
/// The attacks of the TUF specification (1.5.2), rule by rule: what a server, a mirror or the thief of one key may send.
/// Each is refused for its own reason, changes nothing, and leaves the way open for the honest document.
/// </summary>
public sealed class TrustedMetadataAttackTests
{
    private readonly SignedRepository repository = new();
    private readonly byte[] targets;
    private readonly byte[] snapshot;
    private readonly byte[] timestamp;

    public TrustedMetadataAttackTests()
    {
        targets = repository.Targets(30);
        snapshot = repository.Snapshot(20, targets, 30);
        timestamp = repository.Timestamp(10, snapshot, 20);
    }

    [Fact]
    public void An_older_timestamp_is_a_rollback() =>
        Refused(RefusalReason.Rollback, "timestamp 9 was offered, but 10 is already known", AtSnapshot(), c => c.UpdateTimestamp(repository.Timestamp(9, snapshot, 20)));

    [Fact]
    public void A_newer_timestamp_over_an_older_snapshot_is_a_rollback() =>
        Refused(RefusalReason.Rollback, "snapshot 19 was offered, but 20 is already known", AtSnapshot(), c => c.UpdateTimestamp(repository.Timestamp(11, snapshot, 19)));

    [Fact]
    public void A_newer_snapshot_over_older_targets_is_a_rollback()
    {
        var newer = repository.Snapshot(21, repository.Targets(29), 29);
        var client = Client();
        client.UpdateTimestamp(repository.Timestamp(11, newer, 21));
        client.UpdateSnapshot(snapshot, remembered: true);

        Refused(RefusalReason.Rollback, "targets 29 was offered, but 30 is already known", client, c => c.UpdateSnapshot(newer));
    }

    [Fact]
    public void An_older_snapshot_than_the_one_remembered_is_a_rollback_though_the_timestamp_was_lost()
    {
        var older = repository.Snapshot(19, targets, 30);
        var client = Client();
        client.UpdateTimestamp(repository.Timestamp(9, older, 19));
        client.UpdateSnapshot(snapshot, remembered: true);

        Refused(RefusalReason.Rollback, "snapshot 19 was offered, but 20 is already known", client, c => c.UpdateSnapshot(older));
    }

    [Fact]
    public void A_snapshot_that_the_timestamp_does_not_name_is_refused()
    {
        // Mix and match: every one of them is signed, and none is the one.
        var client = AtSnapshot();
        Refused(RefusalReason.Hash, "snapshot has not the length and hash", client, c => c.UpdateSnapshot(repository.Snapshot(20, targets, 31)));
        Refused(RefusalReason.Hash, "snapshot has not the length and hash", client, c => c.UpdateSnapshot(repository.Snapshot(19, targets, 30)));
        // The same document with another signature (ECDSA signs differently each time) is another file.
        Refused(RefusalReason.Hash, "snapshot has not the length and hash", client, c => c.UpdateSnapshot(repository.Snapshot(20, targets, 30)));
        client.UpdateSnapshot(snapshot);
    }

    [Fact]
    public void Targets_that_the_snapshot_does_not_name_are_refused()
    {
        var client = AtTargets();
        Refused(RefusalReason.Hash, "targets has not the length and hash", client, c => c.UpdateTargets(repository.Targets(30)));
        Refused(RefusalReason.Hash, "targets has not the length and hash", client, c => c.UpdateTargets(repository.Targets(31)));
        client.UpdateTargets(targets);
    }

    [Fact]
    public void A_file_with_the_right_hash_and_another_version_inside_is_refused()
    {
        var wrong = repository.Snapshot(21, targets, 30);
        var client = Client();
        client.UpdateTimestamp(repository.Timestamp(10, wrong, 20));
        Refused(RefusalReason.Version, "snapshot 21 came where the timestamp names 20", client, c => c.UpdateSnapshot(wrong));

        var wrongTargets = repository.Targets(31);
        var above = repository.Snapshot(20, wrongTargets, 30);
        client = Client();
        client.UpdateTimestamp(repository.Timestamp(10, above, 20));
        client.UpdateSnapshot(above);
        Refused(RefusalReason.Version, "targets 31 came where the snapshot names 30", client, c => c.UpdateTargets(wrongTargets));
    }

    [Fact]
    public void A_key_that_root_does_not_name_signs_nothing()
    {
        var other = new SignedRepository();
        Refused(RefusalReason.Signature, "timestamp bears 0 valid signatures of the 1", Client(), c => c.UpdateTimestamp(other.Timestamp(10, snapshot, 20)));
        var client = AtForged(other.Snapshot(20, targets, 30));
        Refused(RefusalReason.Signature, "snapshot bears 0 valid signatures of the 1", client.Client, c => c.UpdateSnapshot(client.Snapshot));
        Refused(RefusalReason.Signature, "snapshot bears 0 valid signatures of the 1", AtSnapshot(), c => c.UpdateSnapshot(other.Snapshot(20, targets, 30), remembered: true));
        var forged = other.Targets(30);
        Refused(RefusalReason.Signature, "targets bears 0 valid signatures of the 2", AtTargets(forged), c => c.UpdateTargets(forged));
        Refused(RefusalReason.Signature, "root bears 0 valid signatures of the 2", Client(), c => c.UpdateRoot(other.Root(2)));
    }

    [Fact]
    public void A_key_of_one_role_does_not_sign_for_another()
    {
        var timestampDocument = new TimestampDocument(10, SignedRepository.Later, MetadataReference.To(20, snapshot)).ToJson();
        Refused(RefusalReason.Signature, "timestamp bears 0 valid signatures of the 1", Client(),
            c => c.UpdateTimestamp(SignedRepository.Sign(timestampDocument, [repository.SnapshotKey, .. repository.TargetsKeys, .. repository.RootKeys])));

        var byTimestampKey = SignedRepository.Sign(new TargetsDocument(30, SignedRepository.Later, new Dictionary<string, TargetFile>()).ToJson(), [repository.TimestampKey, repository.SnapshotKey]);
        Refused(RefusalReason.Signature, "targets bears 0 valid signatures of the 2", AtTargets(byTimestampKey), c => c.UpdateTargets(byTimestampKey));
    }

    [Fact]
    public void One_of_two_targets_keys_is_too_few_however_often_it_signs()
    {
        var document = new TargetsDocument(30, SignedRepository.Later, new Dictionary<string, TargetFile>()).ToJson();
        var one = repository.TargetsKeys[0];
        var once = SignedRepository.Sign(document, [one]);
        Refused(RefusalReason.Signature, "targets bears 1 valid signatures of the 2", AtTargets(once), c => c.UpdateTargets(once));
        var twice = SignedRepository.Sign(document, [one, one]);
        Refused(RefusalReason.Malformed, "two signatures of one key", AtTargets(twice), c => c.UpdateTargets(twice));
        var underTheOther = BlockList.Format.Signatures.SignedDocument.Compose(document, [one.Sign(document), one.Sign(document) with { KeyId = repository.TargetsKeys[1].Id }]);
        Refused(RefusalReason.Signature, "targets bears 1 valid signatures of the 2", AtTargets(underTheOther), c => c.UpdateTargets(underTheOther));
    }

    [Fact]
    public void A_changed_byte_of_the_signed_content_is_refused()
    {
        // The number 10 of the timestamp; the file that the hash above guards is tried in the tests above.
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(timestamp).Replace("\"version\":10", "\"version\":12", StringComparison.Ordinal));
        Assert.NotEqual(timestamp, changed);
        Refused(RefusalReason.Signature, "timestamp bears 0 valid signatures of the 1", Client(), c => c.UpdateTimestamp(changed));
        var more = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(timestamp).Replace("\"signed\":{", "\"signed\":{\"a\":1,", StringComparison.Ordinal));
        Refused(RefusalReason.Signature, "timestamp bears 0 valid signatures of the 1", Client(), c => c.UpdateTimestamp(more));
    }

    [Fact]
    public void Delegations_are_refused_though_signed()
    {
        var delegating = repository.Targets(30, change: signed => signed["delegations"] = new JsonObject { ["keys"] = new JsonObject(), ["roles"] = new JsonArray() });
        Refused(RefusalReason.Malformed, "delegations are not part of this format", AtTargets(delegating), c => c.UpdateTargets(delegating));
    }

    [Fact]
    public void A_document_in_the_place_of_another_is_refused()
    {
        Refused(RefusalReason.Malformed, "\"_type\" is not \"timestamp\"", Client(), c => c.UpdateTimestamp(snapshot));
        Refused(RefusalReason.Malformed, "\"_type\" is not \"root\"", Client(), c => c.UpdateRoot(timestamp));
        Refused(RefusalReason.Malformed, "\"_type\" is not \"snapshot\"", AtSnapshot(), c => c.UpdateSnapshot(timestamp, remembered: true));
        Refused(RefusalReason.Malformed, "\"_type\" is not \"targets\"", AtTargets(timestamp), c => c.UpdateTargets(timestamp));
    }

    [Fact]
    public void Files_past_the_size_limit_are_refused_before_they_are_read()
    {
        // White space is no part of the signed bytes: only the limit refuses this.
        byte[] long_ = [.. timestamp, .. Enumerable.Repeat((byte)' ', TrustedMetadata.MaximumLength - timestamp.Length)];
        Assert.True(Client().UpdateTimestamp(long_));
        Refused(RefusalReason.Malformed, "timestamp is longer than 262144 bytes", Client(), c => c.UpdateTimestamp([.. long_, (byte)' ']));
        Refused(RefusalReason.Malformed, "root is longer than 262144 bytes", Client(), c => c.UpdateRoot(new byte[TrustedMetadata.MaximumLength + 1]));
        Assert.Equal(RefusalReason.Malformed, Assert.Throws<RefusedException>(() => new TrustedMetadata(new byte[TrustedMetadata.MaximumLength + 1], SignedRepository.Now)).Reason);
        Refused(RefusalReason.Malformed, "snapshot is longer than 262144 bytes", AtSnapshot(), c => c.UpdateSnapshot(new byte[TrustedMetadata.MaximumLength + 1], remembered: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<html>captive portal</html>")]
    [InlineData("""{"signatures":[{"keyid":"\ud800","sig":""}],"signed":{}}""")]
    [InlineData("""{"signatures":[],"signed":{"version":-9223372036854775808}}""")]
    public void What_is_no_document_is_refused_as_malformed(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Refused(RefusalReason.Malformed, ": ", Client(), c => c.UpdateRoot(bytes));
        Refused(RefusalReason.Malformed, ": ", Client(), c => c.UpdateTimestamp(bytes));
        Refused(RefusalReason.Malformed, ": ", AtSnapshot(), c => c.UpdateSnapshot(bytes, remembered: true));
        if (bytes.Length > 0) Refused(RefusalReason.Malformed, ": ", AtTargets(bytes), c => c.UpdateTargets(bytes));
    }

    private static void Refused(RefusalReason reason, string message, TrustedMetadata client, Action<TrustedMetadata> attack)
    {
        var before = (client.Root, client.Timestamp, client.Snapshot, client.Targets);
        var refused = Assert.Throws<RefusedException>(() => attack(client));
        Assert.Equal(reason, refused.Reason);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, (client.Root, client.Timestamp, client.Snapshot, client.Targets));
    }

    private TrustedMetadata Client() => new(repository.Root(), SignedRepository.Now);

    private TrustedMetadata AtSnapshot()
    {
        var client = Client();
        client.UpdateTimestamp(timestamp);
        return client;
    }

    /// <summary>A client whose timestamp names this snapshot: the thief of the timestamp key made it so.</summary>
    private (TrustedMetadata Client, byte[] Snapshot) AtForged(byte[] forged)
    {
        var client = Client();
        client.UpdateTimestamp(repository.Timestamp(10, forged, 20));
        return (client, forged);
    }

    /// <summary>A client whose snapshot names these targets: the thief of both online keys made it so.</summary>
    private TrustedMetadata AtTargets(byte[]? forged = null)
    {
        var (client, above) = AtForged(repository.Snapshot(20, forged ?? targets, 30));
        client.UpdateSnapshot(above);
        return client;
    }
}
