
namespace BlockList.Tools.Conformance.Cases;

/// <summary>Repositories that every agent must take.</summary>
internal static class ValidCases
{
    private static readonly NamedList Hosts = new("hosts and domains", ["=both.example", "=host.example", "both.example", "domain.example", "sub.domain.example"]);

    private static readonly NamedList Idn = new("A-labels", ["xn--bcher-kva.example", "xn--fiqs8s.example", "=xn--mgba3a4f16a.example", "shop.xn--e1afmkfd.example"]);

    private static readonly NamedList Order = new("octet order", ["a-b.example", "0.example", "9-9.example", "=a.example", "a0.example", "a.a.example", "aa.example"]);

    private static readonly NamedList Longest = new("longest names", [$"{Label('a')}.example", $"{Label('a')}.{Label('b')}.{Label('c')}.{new string('d', 34)}.example"]);

    private static readonly NamedList One = new("one name", ["one.example"]);

    private static readonly CaseStep Again = Shape.Step("Nothing is new", _ => { }, Shape.Done, NamedList.First);

    public static IEnumerable<ConformanceCase> All =>
    [
        Shape.Valid("valid-first-and-again", "One version, asked for twice", Shape.Begin(), Again) with { Follows = "test_basic_refresh_requests" },
        Shape.Valid("valid-next-version", "A second version, with a delta from the first", Shape.Begin(), Shape.Second("The second version is published")) with { Follows = "test_multiple_changes_to_target" },
        Shape.Valid("valid-without-deltas", "A second version without a delta", Shape.Begin(),
            Shape.Second("The second version is published without a delta", vector => vector.Repository.DeltaFile = _ => null)),
        Shape.Valid("valid-versions-missed", "Three versions come at once, with all their deltas", Shape.Begin(), Shape.Step("The second and third version are published", vector =>
        {
            vector.Repository.Publish(NamedList.Second.Entries);
            vector.Repository.Publish([.. NamedList.Second.Entries, "passing.example"]);
            vector.Repository.Publish(NamedList.Third.Entries);
        }, Shape.Done, NamedList.Third)),
        Shape.Valid("valid-more-than-thirty-versions-missed", "More versions were missed than deltas may be followed", Shape.Begin(), Shape.Step("33 versions are published", vector =>
        {
            for (var i = 0; i < 32; i++) vector.Repository.Publish([.. NamedList.First.Entries, $"passing-{i}.example"]);
            vector.Repository.Publish(NamedList.Second.Entries);
        }, Shape.Done, NamedList.Second)),
        Shape.Valid("valid-version-with-same-content", "A version has the content of the one before", Shape.Begin(),
            Shape.Step("The same list is published as version 2", vector => vector.Repository.Publish(NamedList.First.Entries), Shape.Done, NamedList.First)),
        Shape.Valid("valid-signed-anew", "The same version is signed anew", Shape.Begin(),
            Shape.Step("All online documents are signed anew", vector => vector.Repository.Sign(), Shape.Done, NamedList.First)),
        Lists("valid-hosts-and-domains", "Whole names and single hosts; a host's children and siblings stay free", Hosts),
        Lists("valid-a-labels", "Internationalised names as A-labels", Idn),
        Lists("valid-octet-order", "Names that a collation would sort otherwise than LC_ALL=C", Order),
        Lists("valid-longest-names", "A label of 63 octets and a name of 234", Longest),
        Shape.Valid("valid-empty-then-one", "The first version is the empty list", Shape.Step("The empty list is published", vector => vector.Repository.Publish([]), Shape.Done, NamedList.Nothing),
            Shape.Step("A name is published", vector => vector.Repository.Publish(One.Entries), Shape.Done, One)),
        Shape.Valid("valid-unknown-fields", "Every document has fields that nobody knows", Shape.Begin(vector =>
        {
            foreach (var role in vector.Repository.Roles) role.Alter = document => document["later_version"] = "of this format";
            vector.Repository.Root.Version = 0;
            vector.Repository.SignRoot();
        })) with { Follows = "test_custom_fields" },
        Shape.Valid("valid-spec-version-patch", "Documents of a later patch version of TUF 1.0", Shape.Begin(vector =>
        {
            foreach (var role in vector.Repository.Roles) role.Alter = document => document["spec_version"] = "1.0.99";
        })),
        Shape.Valid("valid-other-targets", "Targets names files that the agent does not need", Shape.Begin(vector =>
            vector.Repository.Offer = files => files["notes/read-me.txt"] = vector.Repository.Put("notes/read-me.txt", "for people\n"u8.ToArray()))) with { Follows = "test_client_downloads_expected_file_in_sub_dir" },
        Encoding("br"),
        Encoding("gzip"),
        Encoding(""),
        Shape.Valid("valid-timestamp-same-version-other-bytes", "The timestamp says something else without a new version; the one that is held counts", Shape.Begin(),
            Shape.Step("Version 1 of the timestamp names a snapshot that does not exist", vector =>
            {
                vector.Repository.Timestamp.Version = 0;
                vector.Repository.Timestamp.Alter = document => document["meta"]!["snapshot.json"]!["version"] = 100;
                vector.Repository.SignTimestamp();
            }, Shape.Done, NamedList.First)) with { Follows = "test_timestamp_content_changes" },
        Shape.Valid("valid-expired-then-fresh-timestamp", "The held timestamp is past its date and a fresh one is served",
            Shape.Begin(vector => vector.Repository.Timestamp.Lifetime = Briefly),
            Shape.Step("Nothing fresh is served when the timestamp is past its date", _ => { }, Shape.Stale, NamedList.First) with { Wait = Briefly },
            Shape.Second("A fresh timestamp is served", vector => vector.Repository.Timestamp.Lifetime = TimeSpan.FromDays(7))) with { Follows = "test_expired_local_timestamp", Slow = true },
    ];

    /// <summary>Longer than an agent takes to start and to ask.</summary>
    private static TimeSpan Briefly { get; } = TimeSpan.FromSeconds(15);

    private static string Label(char letter) => new(letter, 63);

    private static ConformanceCase Lists(string id, string about, NamedList list) =>
        Shape.Valid(id, about, Shape.Step("The list is published", vector => vector.Repository.Publish(list.Entries), Shape.Done, list));

    private static ConformanceCase Encoding(string name) => Shape.Valid($"valid-encoding-{(name.Length > 0 ? name : "identity")}", $"Files come in the encoding \"{(name.Length > 0 ? name : "identity")}\" where the agent accepts it",
        Shape.Begin(vector => vector.Encoding = name), Shape.Second("The second version is published"));
}
