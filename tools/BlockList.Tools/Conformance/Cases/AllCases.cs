namespace BlockList.Tools.Conformance.Cases;

internal static class AllCases
{
    public static IReadOnlyList<ConformanceCase> List { get; } =
        [.. ValidCases.All, .. KeyCases.All, .. FreshnessCases.All, .. DocumentCases.All, .. ListCases.All, .. DeltaCases.All, .. BrakeCases.All, .. TransportCases.All];
}
