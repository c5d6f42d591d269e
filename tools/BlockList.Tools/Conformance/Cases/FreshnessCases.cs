using BlockList.Format.Tuf;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>Going back, standing still and running ahead (TUF specification 5.4 to 5.6), and the way back from theft.</summary>
internal static class FreshnessCases
{
    private const string Group = "freshness";
    private const int FarAhead = 1_000_000;

    private static readonly CaseStep SignedAnew = Shape.Step("All online documents are signed anew", vector => vector.Repository.Sign(), Shape.Done, NamedList.First);

    private static readonly CaseStep SecondBefore = Shape.Second("The second version is published");

    public static IEnumerable<ConformanceCase> All => [.. Rollback, .. Expired, .. Recovery];

    private static IEnumerable<ConformanceCase> Rollback =>
    [
        Shape.Signed(Group, "freshness-timestamp-older", "The server goes back to an older timestamp",
            vector => SignAgain(vector, vector.Repository.Timestamp, vector.Repository.SignTimestamp), before: SignedAnew) with { Follows = "test_new_timestamp_version_rollback" },
        Shape.Signed(Group, "freshness-snapshot-older", "A new timestamp names an older snapshot", vector =>
        {
            vector.Repository.Snapshot.Version = 1;
            vector.Repository.SignTimestamp();
        }, before: SignedAnew) with { Follows = "test_snapshot_rollback" },
        Shape.Signed(Group, "freshness-targets-older", "A new snapshot names older targets", vector =>
        {
            vector.Repository.Targets.Version = 1;
            vector.Repository.SignSnapshot();
            vector.Repository.SignTimestamp();
        }, before: SignedAnew) with { Follows = "test_targets_rollback" },
        Shape.Signed(Group, "freshness-list-version-older", "New metadata offers the first version of the list again",
            vector => vector.Repository.Publish(NamedList.First.Entries, version: 1), before: SecondBefore),
        Shape.Signed(Group, "freshness-list-version-twice", "The same version of the list has another content",
            vector => vector.Repository.Publish(NamedList.Second.Entries, version: 1)),
        Shape.Signed(Group, "freshness-snapshot-forgets-targets", "A new snapshot names no targets", vector =>
        {
            vector.Repository.Snapshot.Alter = document => document["meta"]!.AsObject().Clear();
            vector.Repository.Publish(NamedList.Second.Entries);
        }) with { Follows = "test_targets_role_removal" },
        Shape.Signed(Group, "freshness-added-key-opens-nothing", "A new root adds a targets key, and the list goes back", vector =>
        {
            vector.Repository.Targets.Keys = [.. vector.Repository.Targets.Keys, new SigningKey()];
            vector.Repository.SignRoot();
            vector.Repository.Publish(NamedList.First.Entries, version: 1);
        }, before: SecondBefore),
        Shape.Signed(Group, "freshness-new-timestamp-key-opens-nothing", "A new root replaces the timestamp key, and the list goes back", vector =>
        {
            vector.Repository.Timestamp.Keys = [new SigningKey()];
            vector.Repository.SignRoot();
            vector.Repository.Publish(NamedList.First.Entries, version: 1);
        }, before: SecondBefore),
    ];

    private static IEnumerable<ConformanceCase> Expired =>
    [
        .. ((string[])[RoleName.Timestamp, RoleName.Snapshot, RoleName.Targets]).Select(role => Shape.Signed(Group, $"freshness-{role}-expired", $"{role} is past its date", vector =>
        {
            vector.Repository.Roles.Single(r => r.Name == role).Lifetime = TimeSpan.FromMinutes(-1);
            vector.Repository.Publish(NamedList.Second.Entries);
        }, Shape.Stale) with { Follows = $"test_{role}_expired" }),
        new ConformanceCase("freshness-frozen", Group, "The server stands still until its timestamp is past its date",
        [
            Shape.Begin(vector => vector.Repository.Timestamp.Lifetime = TimeSpan.FromSeconds(15)),
            Shape.Step("The publisher goes on, and the server serves what it had", vector =>
            {
                var old = vector.Repository.Files["tuf/timestamp.json"];
                vector.Repository.Timestamp.Lifetime = TimeSpan.FromDays(7);
                vector.Repository.Publish(NamedList.Second.Entries);
                vector.Misserve("timestamp.json", Misservings.Instead(() => old));
            }, Shape.Stale, NamedList.First) with { Wait = TimeSpan.FromSeconds(15) },
            Shape.Step("The server goes on", vector => vector.ServeHonestly(), Shape.Done, NamedList.Second),
        ]) { Slow = true },
        new ConformanceCase("freshness-first-install-expired", Group, "At the first install everything is past its date",
        [
            Shape.Step("The first version is published with a timestamp past its date", vector =>
            {
                vector.Repository.Timestamp.Lifetime = TimeSpan.FromMinutes(-1);
                vector.Repository.Publish(NamedList.First.Entries);
            }, Shape.Stale, NamedList.Nothing),
            Shape.Second("The second version is published in date", vector => vector.Repository.Timestamp.Lifetime = TimeSpan.FromDays(7)),
        ]),
    ];

    private static IEnumerable<ConformanceCase> Recovery =>
    [
        Recovers("freshness-targets-key-stolen", "A thief of the targets keys runs far ahead; a root replaces the keys", vector =>
        {
            vector.Repository.Targets.Version = FarAhead;
            vector.Repository.Sign();
        }, vector =>
        {
            vector.Repository.Targets.Keys = [new SigningKey(), new SigningKey()];
            vector.Repository.Snapshot.Keys = [new SigningKey()];
            vector.Repository.Targets.Version = 1;
        }) with { Follows = "test_targets_fast_forward_recovery" },
        Recovers("freshness-snapshot-key-stolen", "A thief of the snapshot key runs far ahead; a root replaces the key", vector =>
        {
            vector.Repository.Snapshot.Version = FarAhead;
            vector.Repository.SignSnapshot();
            vector.Repository.SignTimestamp();
        }, vector =>
        {
            vector.Repository.Snapshot.Keys = [new SigningKey()];
            vector.Repository.Timestamp.Keys = [new SigningKey()];
            vector.Repository.Snapshot.Version = 1;
        }) with { Follows = "test_new_snapshot_fast_forward_recovery" },
        Recovers("freshness-timestamp-key-stolen", "A thief of the timestamp key runs far ahead; a root replaces the key", vector =>
        {
            vector.Repository.Timestamp.Version = FarAhead;
            vector.Repository.SignTimestamp();
        }, vector =>
        {
            vector.Repository.Timestamp.Keys = [new SigningKey()];
            vector.Repository.Timestamp.Version = 1;
        }) with { Follows = "test_new_timestamp_fast_forward_recovery" },
    ];

    private static ConformanceCase Recovers(string id, string about, Action<Vector> theft, Action<Vector> recovery) => new(id, Group, about,
    [
        Shape.Begin(),
        Shape.Step("The thief signs a number that nobody will reach", theft, Shape.Done, NamedList.First),
        Shape.Second("A root replaces the keys, and numbers go on where they were", vector =>
        {
            recovery(vector);
            vector.Repository.SignRoot();
        }),
    ]);

    /// <summary>Serves the document as it was, one version back.</summary>
    private static void SignAgain(Vector vector, VectorRole role, Action sign)
    {
        role.Version -= 2;
        sign();
    }
}
