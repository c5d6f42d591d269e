using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>Answers that no honest server gives, and none at all.</summary>
internal static class TransportCases
{
    private const string Group = "transport";

    private static readonly (string Id, string File)[] Files =
        [("root", "2.root.json"), ("timestamp", "timestamp.json"), ("snapshot", "snapshot.json"), ("targets", "targets.json"), ("list", "list.txt")];

    public static IEnumerable<ConformanceCase> All =>
    [
        .. Files.Select(f => Case($"html-{f.Id}", $"An error page with status 200 comes in place of {f.File}", f.File, Misservings.HtmlWith200, Shape.Refused)),
        .. Files.Select(f => Case($"error-{f.Id}", $"{f.File} is answered with status 500", f.File, Misservings.Status(500), Shape.Network)),
        .. Files.Skip(1).Select(f => Case($"missing-{f.Id}", $"{f.File} is not there", f.File, Misservings.Status(404), Shape.Network) with { Follows = $"test_{f.Id}_404" }),
        .. Files.Skip(1).Select(f => Case($"bit-{f.Id}", $"One bit of {f.File} is flipped on the way", f.File, Misservings.OneBitFlipped, Shape.Refused)),
        .. Files.Skip(1).Select(f => Case($"cut-{f.Id}", $"The connection is cut half-way through {f.File}", f.File, Misservings.CutHalfWay, Shape.Network)),
        .. Files.Skip(1).Select(f => Case($"half-{f.Id}", $"Half of {f.File} comes as if it were whole", f.File, Misservings.HalfAsWhole, Shape.Refused)),
        .. Files.Select(f => Case($"endless-{f.Id}", $"{f.File} does not end", f.File, Misservings.Endless, Shape.Refused)),
        Case("endless-unpacked", "timestamp.json is short and unpacks to an endless file", "timestamp.json", Misservings.EndlessWhenUnpacked, Shape.Refused),
        Case("empty-timestamp", "timestamp.json is empty", "timestamp.json", Misservings.Empty, Shape.Refused),
        Case("empty-list", "list.txt is empty: the most common outage of this field", "list.txt", Misservings.Empty, Shape.Refused),
        Case("unavailable", "The server is under maintenance", "", Misservings.Status(503), Shape.Network),
        Case("refused-certificate", "The server does not know this provider any more", "", Misservings.Problem(403, "This certificate was revoked."), Shape.Network),
        Case("too-many-requests", "The server has had too many requests", "", Misservings.Status(429), Shape.Network),
        Case("gone-at-once", "The server hangs up on every request", "", Misservings.CutAtOnce, Shape.Network),
        Case("redirect", "The server sends the agent to another list", "timestamp.json", Misservings.Redirect, Shape.Network),
        Case("unasked-not-modified", "The server says \"not modified\" of a list that is not held", "list.txt", Misservings.NotModified, Shape.Network),
        Case("unasked-encoding", "A file comes in an encoding that nobody asked for", "list.txt", Misservings.InEncoding("zstd"), Shape.Network, Shape.Refused),
        Case("broken-encoding", "A file is said to be brotli and is not", "list.txt", Misservings.InEncoding("br"), Shape.Refused),
        Case("drip-timestamp", "timestamp.json comes one byte every two seconds", "timestamp.json", Misservings.DrippingSlowly, Shape.Network) with { Slow = true },
        Case("drip-list", "list.txt comes one byte every two seconds", "list.txt", Misservings.DrippingSlowly, Shape.Network) with { Slow = true },
        Case("silence", "The server takes the request and says nothing", "timestamp.json", Misservings.Silent, Shape.Network) with { Slow = true },
        new ConformanceCase("transport-impostor", Group, "Somebody else answers, with a certificate of another authority",
        [
            Shape.Begin(),
            Shape.Step("The second version is published, and an impostor answers", vector =>
            {
                vector.Repository.Publish(NamedList.Second.Entries);
                vector.Impostor = true;
            }, Shape.Network, NamedList.First),
            Shape.Step("The server answers again", vector => vector.ServeHonestly(), Shape.Done, NamedList.Second),
        ]),
    ];

    /// <summary>Deltas would lead past a list that is not served.</summary>
    private static ConformanceCase Case(string id, string wrong, string file, Misserving how, params int[] exit)
    {
        var honest = Shape.Misserved(Group, $"transport-{id}", wrong, file, how, exit);
        var attack = honest.Steps[1];
        return honest with
        {
            Steps = [honest.Steps[0], attack with { Arrange = vector => { vector.Repository.DeltaFile = _ => null; attack.Arrange(vector); } }, .. honest.Steps.Skip(2)],
        };
    }
}
