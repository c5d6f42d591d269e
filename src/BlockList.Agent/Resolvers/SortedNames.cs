namespace BlockList.Agent.Resolvers;

/// <summary>Sets of names as sorted arrays, in the order of lists: of a million names no table has to be built.</summary>
internal static class SortedNames
{
    /// <summary>What stands in <paramref name="one"/> and not in <paramref name="other"/>.</summary>
    public static IReadOnlyList<string> Except(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var left = new List<string>();
        Merge(one, other, (name, inOne, inOther) =>
        {
            if (inOne && !inOther) left.Add(name);
        });
        return left;
    }

    public static IReadOnlyList<string> Union(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var all = new List<string>(Math.Max(one.Count, other.Count));
        Merge(one, other, (name, _, _) => all.Add(name));
        return all;
    }

    private static void Merge(IReadOnlyList<string> one, IReadOnlyList<string> other, Action<string, bool, bool> each)
    {
        var (i, j) = (0, 0);
        while (i < one.Count || j < other.Count)
        {
            var order = i == one.Count ? 1 : j == other.Count ? -1 : string.CompareOrdinal(one[i], other[j]);
            each(order <= 0 ? one[i] : other[j], order <= 0, order >= 0);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
    }
}
