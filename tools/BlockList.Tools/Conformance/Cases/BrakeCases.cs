using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Tools.Conformance.Repository;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>Versions that change more than a version may: whoever takes the publisher over, with all its keys, moves a
/// provider's filter no faster than this until a person accepts it.</summary>
internal static class BrakeCases
{
    private const string Group = "brakes";
    private const int Held = 7;

    /// <summary>As many as a version of a short list may add, or remove.</summary>
    private const int Limit = 50;

    private static readonly NamedList Large = new("two hundred names", Numbered("large", 200));

    private static readonly NamedList Grown = new("grown to the limit", [.. NamedList.First.Entries, .. Numbered("more", Limit)]);

    private static readonly NamedList Overgrown = new("grown beyond the limit", [.. NamedList.First.Entries, .. Numbered("more", Limit + 1)]);

    private static readonly NamedList Shrunk = new("shrunk to the limit", [.. Large.Entries.Skip(Limit)]);

    private static readonly NamedList Swapped = new("others instead", Numbered("other", 60));

    public static IEnumerable<ConformanceCase> All =>
    [
        Shape.Valid("brakes-first-install", "The first version is as large as it is", First(Large)),
        Shape.Valid("brakes-growth-at-the-limit", "A version adds as much as it may", Shape.Begin(), Next(Grown, Shape.Done, Grown)),
        Shape.Valid("brakes-shrinkage-at-the-limit", "A version removes as much as it may", First(Large), Next(Shrunk, Shape.Done, Shrunk)),
        Braked("growth", "A version adds one name more than it may", Shape.Begin(), Next(Overgrown, Held, NamedList.First)),
        Braked("shrinkage", "A version removes one name more than it may", First(Large), Next(new NamedList("shrunk beyond the limit", [.. Large.Entries.Skip(Limit + 1)]), Held, Large)),
        Braked("emptied", "A version is empty", Shape.Begin(), Next(NamedList.Nothing, Held, NamedList.First)),
        Braked("swapped", "A version has as many names as before, and all are others", Shape.Begin(), Next(Swapped, Held, NamedList.First)),
        Braked("jump", "A version's number runs more than a thousand ahead", Shape.Begin(),
            Shape.Step("Version 1002 is published", vector => vector.Repository.Publish(NamedList.Second.Entries, version: 1002), Held, NamedList.First)),
        new ConformanceCase("brakes-accepted", Group, "A person accepts the version that a brake holds",
        [
            Shape.Begin(),
            Next(Overgrown, Held, NamedList.First),
            Shape.Step("Version 2 is accepted", _ => { }, Shape.Done, Overgrown) with { Accepts = 2 },
        ]),
        Shape.Valid("brakes-approved", "An approver signed for the step", Shape.Begin(), Approved(version: 2, Shape.Done, Overgrown)),
        Braked("approval-of-another-version", "An approver signed for another version", Shape.Begin(), Approved(version: 3, Held, NamedList.First)),
        Braked("approval-by-a-stranger", "Somebody signed for the step whom root does not name", Shape.Begin(), Approved(version: 2, Held, NamedList.First, named: false)),
    ];

    private static ConformanceCase Braked(string id, string about, params CaseStep[] steps) =>
        new($"brakes-{id}", Group, about, [.. steps, Shape.Step("It is tried again", _ => { }, Held, steps[^1].InForce)]);

    private static CaseStep First(NamedList list) => Shape.Step("The first version is published", vector => vector.Repository.Publish(list.Entries), Shape.Done, list);

    private static CaseStep Next(NamedList list, int exit, NamedList inForce) =>
        Shape.Step($"The second version is published: {list.Name}", vector => vector.Repository.Publish(list.Entries), exit, inForce);

    private static CaseStep Approved(int version, int exit, NamedList inForce, bool named = true) => Shape.Step("The second version is published with an approval", vector =>
    {
        var approver = new SigningKey();
        if (named)
        {
            vector.Repository.Root.Alter = root => root["blocklist"]!["approver_keys"] = new JsonArray(JsonNode.Parse(approver.Public.Json.GetRawText()));
            vector.Repository.SignRoot();
        }
        var before = Hashes.Sha256(vector.Repository.ListBytes);
        vector.Repository.Targets.Alter = targets => Approve(targets, approver, version, before);
        vector.Repository.Publish(Overgrown.Entries);
    }, exit, inForce);

    private static void Approve(JsonObject targets, SigningKey approver, int version, string before)
    {
        var list = targets["targets"]!["list.txt"]!;
        var statement = new JsonObject
        {
            ["_type"] = "blocklist-bulk-approval",
            ["deployment"] = VectorTree.Deployment,
            ["list"] = VectorTree.List,
            ["version"] = version,
            ["from_sha256"] = before,
            ["to_sha256"] = list["hashes"]!["sha256"]!.GetValue<string>(),
        };
        list["custom"]!["bulk_approval"] = new JsonObject { ["signatures"] = new JsonArray(approver.Sign(statement)), ["signed"] = statement };
    }

    private static IReadOnlyList<string> Numbered(string word, int count) => [.. Enumerable.Range(100, count).Select(i => $"{word}-{i}.example")];
}
