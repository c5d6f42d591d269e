using BlockList.Server.Names.Register;

namespace BlockList.Server.Curation;

/// <summary>The never-block guard's rules, as decisions and findings name them, in words.</summary>
internal static class GuardRules
{
    /// <summary>In the order of their gravity, those that nobody can override first.</summary>
    public static readonly string[] All = ["public-suffix", "own", "proven", "host-only", "critical", "hand", "top-sites"];

    public static bool IsOverridable(string? rule) => SourceText.TryParse(rule, out var source) && RegisterSources.Overridable.HasFlag(source.Flag());

    public static string Describe(string rule) => rule switch
    {
        "public-suffix" => "public suffix",
        "own" => "host of this system",
        "proven" => "proven host",
        "host-only" => "scope host only",
        "critical" => "critical service",
        "hand" => "entered by hand",
        "top-sites" => "top sites",
        _ => rule,
    };

    public static string Describe(IEnumerable<string> rules) => string.Join(", ", rules.OrderBy(rule => Array.IndexOf(All, rule)).Select(Describe));

    /// <summary>What a list of entries says of one with something against it: where it stands.</summary>
    public static string DescribeEffect(bool isTouched) => isTouched ? "the never-block guard speaks against it" : "held by the never-block guard";
}
