using BlockList.Agent.State;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Trust;

/// <summary>What was verified before, read again without the network: signatures and hashes count, dates do not.</summary>
internal static class StoredTrust
{
    /// <summary>The time of nothing yet: no document is past its date then. Dates were checked when the documents were
    /// taken, and <c>status</c> says when they have passed.</summary>
    private static readonly DateTimeOffset BeforeAll = DateTimeOffset.MinValue;

    /// <summary>The list that the stored metadata vouches for, or null where none was fetched yet.</summary>
    /// <exception cref="RefusedException">The stored documents do not verify.</exception>
    public static TrustedList? Read(ListState state)
    {
        var trusted = new TrustedMetadata(state.ReadRoot(), BeforeAll);
        if (DurableFile.TryRead(state.Timestamp) is not { } timestamp
            || DurableFile.TryRead(state.Snapshot) is not { } snapshot
            || DurableFile.TryRead(state.Targets) is not { } targets) return null;
        trusted.UpdateTimestamp(timestamp);
        trusted.UpdateSnapshot(snapshot);
        trusted.UpdateTargets(targets);
        return TrustedList.Of(trusted.Root, trusted.Targets!);
    }

    /// <summary>When the stored timestamp ends to be valid, or null where there is none that verifies.</summary>
    public static DateTimeOffset? Expiry(ListState state)
    {
        if (DurableFile.TryRead(state.Timestamp) is not { } timestamp) return null;
        try
        {
            var trusted = new TrustedMetadata(state.ReadRoot(), BeforeAll);
            trusted.UpdateTimestamp(timestamp);
            return trusted.Timestamp!.Expires;
        }
        catch (RefusedException)
        {
            return null;
        }
    }
}
