using BlockList.Tools.Faults;

namespace BlockList.Tools.Commands;

/// <summary>Every long campaign of faults by its name.</summary>
internal static class Chaos
{
    public static readonly IReadOnlyDictionary<string, NamedWork> All = new Dictionary<string, NamedWork>(StringComparer.Ordinal)
    {
        ["agent"] = AgentChaos.RunAsync,
        ["publish"] = PublishChaos.RunAsync,
    };
}
