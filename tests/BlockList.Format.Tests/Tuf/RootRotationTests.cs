using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

public sealed class RootRotationTests
{
    private readonly SignedRepository repository = new();
    private readonly TrustedMetadata client;
    private readonly byte[] targets;
    private readonly byte[] snapshot;

    public RootRotationTests()
    {
        client = new TrustedMetadata(repository.Root(), SignedRepository.Now);
        targets = repository.Targets(1);
        snapshot = repository.Snapshot(1, targets, 1);
    }

    [Fact]
    public void Root_keys_change_one_by_one_until_none_of_the_first_is_left()
    {
        for (var version = 2; version <= 4; version++)
        {
            List<SigningKey> before = repository.RootKeys, after = [.. before.Skip(1), new()];
            repository.RootKeys = after;
            client.UpdateRoot(SignedRepository.Sign(repository.RootDocument(version).ToJson(), before.Union(after)));
        }
        Assert.Equal(4, client.Root.Version);
    }

    [Fact]
    public void A_root_that_only_the_new_keys_signed_is_refused()
    {
        repository.RootKeys = [new(), new(), new()];
        Refused(RefusalReason.Signature, "root bears 0 valid signatures of the 2 that root 1 asks for", repository.Root(2));
    }

    [Fact]
    public void A_root_that_only_the_old_keys_signed_is_refused()
    {
        var old = repository.RootKeys;
        repository.RootKeys = [new(), new(), new()];
        Refused(RefusalReason.Signature, "root bears 0 valid signatures of the 2 that root 2 asks for", SignedRepository.Sign(repository.RootDocument(2).ToJson(), old));
    }

    [Fact]
    public void One_holder_cannot_lower_the_threshold()
    {
        var lower = repository.RootDocument(2);
        lower = lower with { Roles = new Dictionary<string, RoleKeys>(lower.Roles, StringComparer.Ordinal) { [RoleName.Root] = lower.Roles[RoleName.Root] with { Threshold = 1 } } };
        Refused(RefusalReason.Signature, "root bears 1 valid signatures of the 2 that root 1 asks for", SignedRepository.Sign(lower.ToJson(), repository.RootKeys.Take(1)));
        client.UpdateRoot(SignedRepository.Sign(lower.ToJson(), repository.RootKeys.Take(2)));
    }

    [Fact]
    public void One_holder_whose_key_stands_under_two_ids_is_still_one()
    {
        // A root that honest holders signed by mistake: the same key again, with a note beside it.
        var twin = System.Text.Json.Nodes.JsonNode.Parse(repository.RootKeys[0].Public.Json.GetRawText())!.AsObject();
        twin["note"] = "";
        var again = VerificationKey.Parse(CanonicalJson.Parse(CanonicalJson.Print(twin)));
        var root = repository.RootDocument(2);
        root = root with
        {
            Keys = new Dictionary<string, VerificationKey>(root.Keys, StringComparer.Ordinal) { [again.KeyId] = again },
            Roles = new Dictionary<string, RoleKeys>(root.Roles, StringComparer.Ordinal) { [RoleName.Root] = new([.. root.Roles[RoleName.Root].KeyIds, again.KeyId], 2) },
        };
        client.UpdateRoot(SignedRepository.Sign(root.ToJson(), repository.RootKeys));

        var third = (root with { Version = 3 }).ToJson();
        var one = repository.RootKeys[0].Sign(third);
        Refused(RefusalReason.Signature, "root bears 1 valid signatures of the 2", SignedDocument.Compose(third, [one, one with { KeyId = again.KeyId }]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Another_number_than_the_next_is_refused(int version) =>
        Refused(RefusalReason.Version, $"root {version} came where root 2 was due", repository.Root(version));

    [Fact]
    public void A_root_of_another_deployment_or_list_is_refused_though_the_same_keys_signed_it()
    {
        Refused(RefusalReason.Foreign, "for another deployment or list", Sign(repository.RootDocument(2) with { Deployment = "other" }));
        Refused(RefusalReason.Foreign, "for another deployment or list", Sign(repository.RootDocument(2) with { List = "enforcement-test" }));
        Refused(RefusalReason.Foreign, "for another deployment or list", Sign(repository.RootDocument(2) with { List = SignedRepository.List.ToUpperInvariant() }));

        byte[] Sign(RootDocument root) => SignedRepository.Sign(root.ToJson(), repository.RootKeys);
    }

    [Fact]
    public void A_key_that_the_new_root_drops_signs_nothing_any_more()
    {
        var timestamp = repository.Timestamp(1, snapshot, 1);
        repository.TimestampKey = new();
        client.UpdateRoot(repository.Root(2));

        var refused = Assert.Throws<RefusedException>(() => client.UpdateTimestamp(timestamp));

        Assert.Equal((RefusalReason.Signature, "timestamp bears 0 valid signatures of the 1 that root 2 asks for"), (refused.Reason, refused.Message));
        client.UpdateTimestamp(repository.Timestamp(1, snapshot, 1));
        client.UpdateSnapshot(snapshot);
        client.UpdateTargets(targets);
    }

    [Fact]
    public void A_remembered_snapshot_of_a_dropped_key_is_no_memory()
    {
        // How a repository recovers from a thief who signed version 2147483647.
        var thief = repository.Snapshot(int.MaxValue, targets, int.MaxValue);
        repository.SnapshotKey = new();
        client.UpdateRoot(repository.Root(2));
        var honest = repository.Snapshot(2, targets, 1);
        client.UpdateTimestamp(repository.Timestamp(1, honest, 2));

        Assert.Equal(RefusalReason.Signature, Assert.Throws<RefusedException>(() => client.UpdateSnapshot(thief, remembered: true)).Reason);

        client.UpdateSnapshot(honest);
        client.UpdateTargets(targets);
    }

    [Fact]
    public void A_second_targets_key_joins_by_a_root_and_is_asked_for_from_then_on()
    {
        var old = repository.TargetsKeys[0];
        repository.TargetsKeys = [old, new()];
        client.UpdateRoot(repository.Root(2));
        var once = SignedRepository.Sign(new TargetsDocument(1, SignedRepository.Later, new Dictionary<string, TargetFile>()).ToJson(), [old]);
        var above = repository.Snapshot(1, once, 1);
        client.UpdateTimestamp(repository.Timestamp(1, above, 1));
        client.UpdateSnapshot(above);

        Assert.Equal(RefusalReason.Signature, Assert.Throws<RefusedException>(() => client.UpdateTargets(once)).Reason);
    }

    private void Refused(RefusalReason reason, string message, byte[] root)
    {
        var before = client.Root;
        var refused = Assert.Throws<RefusedException>(() => client.UpdateRoot(root));
        Assert.Equal(reason, refused.Reason);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Same(before, client.Root);
    }
}
