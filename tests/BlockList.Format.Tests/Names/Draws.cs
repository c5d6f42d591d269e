namespace BlockList.Format.Tests.Names;

/// <summary>The same draws for the same seed, in every version of .NET (SplitMix64).</summary>
internal sealed class Draws(ulong seed)
{
    private ulong state = seed;

    internal int Below(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }

    internal T Pick<T>(T[] among) => among[Below(among.Length)];
}
