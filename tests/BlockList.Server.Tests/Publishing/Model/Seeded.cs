namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>The same choices in every run (SplitMix64).</summary>
internal sealed class Seeded(ulong seed)
{
    private ulong state = seed;

    public int Below(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public bool OneIn(int chances) => Below(chances) == 0;

    public Guid Id()
    {
        var bytes = new byte[16];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Below(256);
        return new Guid(bytes);
    }
}
