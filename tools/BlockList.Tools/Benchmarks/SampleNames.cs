using System.Security.Cryptography;

namespace BlockList.Tools.Benchmarks;

/// <summary>Names below <c>.example</c> that compress no better than real ones: labels of random letters.</summary>
internal static class SampleNames
{
    public static IReadOnlyList<string> Make(int count)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (names.Count < count)
            names.Add(RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", RandomNumberGenerator.GetInt32(8, 17)) + ".example");
        return [.. names];
    }
}
