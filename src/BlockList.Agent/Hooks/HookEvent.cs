using System.Globalization;
using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Format.Json;

namespace BlockList.Agent.Hooks;

/// <summary>What happened, as a hook is told of it: environment variables, and never a listed name.</summary>
internal sealed record HookEvent(string Name, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>A version was put in force.</summary>
    /// <param name="list">Where.</param>
    /// <param name="before">What was in force before it, or null.</param>
    /// <param name="now">What is in force.</param>
    public static HookEvent Applied(ListSettings list, AppliedRecord? before, AppliedRecord now) => new("applied", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LIST"] = list.Id,
        ["VERSION"] = Text(now.List.Version.Value),
        ["PREVIOUS_VERSION"] = before is null ? "" : Text(before.List.Version.Value),
        ["ENTRIES"] = Text(now.List.Count),
        ["SHA256"] = now.List.Sha256,
        ["RESOLVER"] = now.Resolver,
        ["ZONE_FILE"] = now.ZoneFile,
        ["APPLIED_AT"] = Timestamp.Format(now.AppliedAt),
    });

    /// <summary>The same variables with what a first version would give, for trying hooks out.</summary>
    public static HookEvent Test(ListSettings list, DateTimeOffset now) => new("test", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LIST"] = list.Id,
        ["VERSION"] = "1",
        ["PREVIOUS_VERSION"] = "",
        ["ENTRIES"] = "0",
        ["SHA256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ["RESOLVER"] = list.Resolver.Name,
        ["ZONE_FILE"] = list.ZoneFile,
        ["APPLIED_AT"] = Timestamp.Format(now),
    });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
