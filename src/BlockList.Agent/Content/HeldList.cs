using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Content;

/// <summary>The last list whose content was verified, as it lies on this disk.</summary>
internal sealed class HeldList(ListVersion version, byte[] bytes)
{
    private ListFile? list;

    public ListVersion Version { get; } = version;

    public byte[] Bytes { get; } = bytes;

    public ListFile List => list ??= ListFile.Parse(Bytes);

    /// <summary>Reads it, or returns null where there is none that the memory vouches for: never fetched, or damaged since.</summary>
    public static HeldList? Read(ListState state)
    {
        if (state.ReadMemory() is not { } memory || DurableFile.TryRead(state.Content) is not { } bytes) return null;
        var hash = Hashes.Sha256(bytes);
        // A crash after the content was replaced and before that was recorded leaves the content of the highest version.
        return memory.Held?.Sha256 == hash ? new HeldList(memory.Held, bytes)
            : memory.Highest?.Sha256 == hash ? new HeldList(memory.Highest, bytes)
            : null;
    }
}
