using System.Text.RegularExpressions;

namespace BlockList.Tools.Benchmarks;

/// <summary>One kind of request that is measured.</summary>
/// <param name="Route">As the site maps it.</param>
/// <param name="Variant">What of the page is asked for.</param>
/// <param name="Person">Who asks; nobody where null.</param>
/// <param name="Address">Of the request at a place of the sequence.</param>
internal sealed record PageProbe(string Route, string Variant, string? Person, Func<PageSample, int, string> Address)
{
    /// <summary>False for files of whatever length, which are shown and not held to the goals of pages.</summary>
    public bool IsPage { get; init; } = true;

    public string Name => Variant.Length == 0 ? Shown : $"{Shown}: {Variant}";

    private string Shown => Regex.Replace(Route, @"\{(\w+):[^/]*\}", "{$1}");
}
