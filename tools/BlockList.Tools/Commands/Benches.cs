using BlockList.Tools.Benchmarks;

namespace BlockList.Tools.Commands;

/// <summary>Every benchmark by its name. Each starts what it needs, prints a table and ends with lines
/// <c>ratio NAME VALUE goal OP VALUE pass|short</c>; the exit code is 1 if one is short.</summary>
internal static class Benches
{
    public static readonly IReadOnlyDictionary<string, NamedWork> All = new Dictionary<string, NamedWork>(StringComparer.Ordinal)
    {
        ["wire"] = WireBench.RunAsync,
        ["import"] = ImportBench.RunAsync,
        ["import-pages"] = ImportPagesBench.RunAsync,
        ["pages"] = PagesBench.RunAsync,
        ["agent"] = AgentBench.RunAsync,
        ["guard"] = GuardBench.RunAsync,
        ["publish"] = PublishBench.RunAsync,
        ["urgent"] = UrgentBench.RunAsync,
        ["oracle"] = OracleBench.RunAsync,
        ["resolver"] = ResolverBench.RunAsync,
        ["complaint"] = ComplaintBench.RunAsync,
        ["flood"] = FloodBench.RunAsync,
        ["distribution"] = DistributionBench.RunAsync,
        ["unblock"] = UnblockBench.RunAsync,
        ["enrolment"] = EnrolmentBench.RunAsync,
    };
}
