using BlockList.Format.Names;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>Names of an exact length.</summary>
internal static class LongNames
{
    private const string Top = ".example";

    public static string Of(int length)
    {
        var label = new string('a', NameLimits.Label);
        var name = $"{label}.{label}.{label}.";
        return name + new string('b', length - name.Length - Top.Length) + Top;
    }
}
