using BlockList.Agent.Configuration;
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

    public ListFile List => list ??= ListFile.Take(Bytes);

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

    /// <summary>Reads it where something is to be done with it.</summary>
    /// <exception cref="ConfigurationException">Nothing was ever fetched.</exception>
    /// <exception cref="StateException">The content is not the one that was verified.</exception>
    public static HeldList Require(ListState state)
    {
        if (!File.Exists(state.Content))
            throw new ConfigurationException("no version was ever fetched and verified, so there is nothing to apply. Run \"blocklist-agent apply\" without --offline.");
        return Read(state) ?? throw new StateException(
            $"{state.Content} is not the list that was verified. It was not used; what is in force stays. Run \"blocklist-agent apply\" with the server reachable to fetch it again.");
    }
}
