using System.Collections.Frozen;

namespace BlockList.Server.Http.Pages;

/// <summary>Outlines on a field of 16 by 16, stroked in the colour of the text.</summary>
internal static class IconPaths
{
    private static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>
    {
        ["arrow"] = "M3 8h10M9 4l4 4-4 4",
        ["check"] = "M3 8.5 6.5 12 13 4.5",
        ["clock"] = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M8 4.8V8l2.3 1.6",
        ["cross"] = "M4 4l8 8M12 4l-8 8",
        ["dispute"] = "M2 5h9L8.5 2.5M14 11H5l2.5 2.5",
        ["domain"] = "M8 2v4M3.5 10V8h9v2M8 6v4M2 10h3v3.5H2zM6.5 10h3v3.5h-3zM11 10h3v3.5h-3z",
        ["eye"] = "M1.5 8s2.4-4.2 6.5-4.2S14.5 8 14.5 8s-2.4 4.2-6.5 4.2S1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 1 0 0-3.6",
        ["hand"] = "M4.5 7.5V4.2a1 1 0 0 1 2 0V7V3a1 1 0 0 1 2 0v4V3.7a1 1 0 0 1 2 0V8V6a1 1 0 0 1 2 0v4a4.2 4.2 0 0 1-8.2 1.2L2.6 8.6a1 1 0 0 1 1.9-1.1",
        ["host"] = "M5.5 5.5h5v5h-5zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2",
        ["hourglass"] = "M4 2h8M4 14h8M5 2v2.5L8 8l3-3.5V2M5 14v-2.5L8 8l3 3.5V14",
        ["info"] = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M8 7.3v3.9M8 4.6v.4",
        ["key"] = "M5.2 7.5a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 1 0 0-5.6M7.2 8.3 13 2.5M10.5 5l2 2",
        ["keyboard"] = "M1.5 4h13v8h-13zM4 6.6h.3M6.6 6.6h.3M9.2 6.6h.3M11.8 6.6h.3M5 9.6h6",
        ["leave"] = "M6 2.5H2.5v11H6M6.5 8h7M10.5 5l3 3-3 3",
        ["list"] = "M5.5 4H14M5.5 8H14M5.5 12H14M2.2 4h.4M2.2 8h.4M2.2 12h.4",
        ["note"] = "M3 2.5h10v7.5L9.5 13.5H3zM9.5 13.5V10H13M5.5 5.5h5M5.5 8h3",
        ["pause"] = "M5.5 3.5v9M10.5 3.5v9",
        ["people"] = "M6 2.8a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 1 0 0-4.6M1.5 13.5c0-3 2-4.3 4.5-4.3s4.5 1.3 4.5 4.3M10.8 3a2.2 2.2 0 0 1 0 4.2M12 9.5c1.7.5 2.6 1.8 2.6 4",
        ["person"] = "M8 2.5a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 1 0 0-5.2M2.8 13.8c0-3.2 2.3-4.6 5.2-4.6s5.2 1.4 5.2 4.6",
        ["plus"] = "M8 3v10M3 8h10",
        ["published"] = "M8 1.8 13.5 4v4c0 3-2.3 5.2-5.5 6.2C4.8 13.2 2.5 11 2.5 8V4zM5.5 8l1.9 1.9L10.7 6.2",
        ["queue"] = "M2 9.5 4 3h8l2 6.5v3.7H2zM2 9.5h3.5l1 1.7h3l1-1.7H14",
        ["removed"] = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M5 8h6",
        ["search"] = "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M10.3 10.3 14 14",
        ["unknown"] = "M5.5 6a2.5 2.5 0 1 1 3.7 2.2C8.3 8.7 8 9 8 10M8 12.6v.4",
        ["undo"] = "M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H6",
        ["upload"] = "M8 10.5V2.5M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v3h11v-3",
        ["version"] = "M8 2 14 5 8 8 2 5zM2.5 8 8 10.8 13.5 8M2.5 11 8 13.8 13.5 11",
        ["warning"] = "M8 2.3 14.5 13.5h-13zM8 6.5v3.3M8 11.5v.4",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Paths.Keys;

    public static string Of(string name) => Paths[name];
}
