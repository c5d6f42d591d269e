namespace BlockList.Format.Lists;

/// <summary>Long work in parts, each on a processor of its own.</summary>
internal static class Stretches
{
    /// <param name="count">How many items there are.</param>
    /// <param name="least">Fewer are not worth another processor.</param>
    /// <param name="work">Is given where a stretch begins and where it ends.</param>
    /// <returns>What came of each stretch, in order.</returns>
    public static T[] AtOnce<T>(int count, int least, Func<int, int, T> work)
    {
        var parts = new T[Math.Clamp(count / least, 1, Environment.ProcessorCount)];
        if (parts.Length == 1) return [work(0, count)];
        Parallel.For(0, parts.Length, part => parts[part] = work((int)((long)count * part / parts.Length), (int)((long)count * (part + 1) / parts.Length)));
        return parts;
    }

    /// <inheritdoc cref="AtOnce{T}"/>
    public static void AtOnce(int count, int least, Action<int, int> work) => AtOnce(count, least, (from, to) =>
    {
        work(from, to);
        return true;
    });
}
