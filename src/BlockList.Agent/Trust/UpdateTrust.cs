using System.Globalization;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Trust;

/// <summary>
/// The client workflow of the TUF specification (5.3 to 5.6) for one list. Each document is on the disk before the
/// next one is asked for, so that what was once trusted holds off anything older, whenever the process dies.
/// </summary>
internal sealed class UpdateTrust(ListState state, ServerConnection server, TimeProvider time)
{
    /// <summary>More roots than any deployment signs; a server that sends one more each time is stopped here (5.3.3).</summary>
    private const int MostRoots = 1024;

    private readonly DateTimeOffset now = time.GetUtcNow();

    /// <exception cref="RefusedException">Something does not verify, or is past its date.</exception>
    /// <exception cref="ServerException">The server could not be asked.</exception>
    public async Task<TrustedList> RunAsync(CancellationToken ct)
    {
        var trusted = new TrustedMetadata(state.ReadRoot(), now);
        if (trusted.Root.List != state.List)
            throw new StateException($"the trusted root in {state.Root} is for list \"{trusted.Root.List}\". Run \"blocklist-agent enroll\" again.");

        await FollowRootsAsync(trusted, ct);
        // A crash in between leaves the newest root that was kept; the next run goes on from it.

        var memory = BindMemory(trusted.Root);
        // A crash in between leaves memory of keys that root does not name any more; the next run clears it the same way.

        await UpdateTimestampAsync(trusted, ct);
        // A crash from here to the end leaves documents of different age. Each is checked against the one above it when
        // it is read again, and fetched where it does not fit.

        await UpdateSnapshotAsync(trusted, ct);
        return await UpdateTargetsAsync(trusted, memory, ct);
    }

    private async Task FollowRootsAsync(TrustedMetadata trusted, CancellationToken ct)
    {
        for (var count = 0; ; count++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{trusted.Root.Version + 1L}.root.json");
            var answer = await server.GetAsync(Location(path), TrustedMetadata.MaximumLength, ct, compressed: false);
            if (answer.Kind == AnswerKind.NotFound) return;
            if (count == MostRoots)
                throw new RefusedException(RefusalReason.Version, $"the server offers more than {MostRoots} new roots at once");
            trusted.UpdateRoot(answer.Body);
            DurableFile.Write(state.Root, answer.Body);
            FaultPoint.Reach(FaultPoints.FetchRootKept);
        }
    }

    private VersionMemory BindMemory(RootDocument root)
    {
        var known = state.ReadMemory();
        var memory = known?.Under(root) ?? new VersionMemory(RememberedKeys.Of(root), null, null, []);
        if (known is not null && known.Keys.SameAs(memory.Keys)) return memory;
        if (known is not null && !known.KeepsTimestampUnder(root))
        {
            // Before the memory is bound to the new keys: a crash between the two repeats both (5.3.11).
            DurableFile.Delete(state.Timestamp);
            DurableFile.Delete(state.Snapshot);
        }
        FaultPoint.Reach(FaultPoints.FetchMemoryCleared);
        state.Write(memory);
        return memory;
    }

    private async Task UpdateTimestampAsync(TrustedMetadata trusted, CancellationToken ct)
    {
        var kept = DurableFile.TryRead(state.Timestamp);
        if (kept is not null && !Remembers(() => trusted.UpdateTimestamp(kept), state.Timestamp)) kept = null;
        var poll = state.ReadPoll();
        var etag = kept is not null && poll.ETagOf == Hashes.Sha256(kept) ? poll.ETag : null;

        var answer = await server.GetAsync(Location("timestamp.json"), TrustedMetadata.MaximumLength, ct, etag);
        if (answer.Kind == AnswerKind.NotFound)
            throw new ServerException($"{server.Address.Authority} has no timestamp for list {state.List}. Tell the operator.");
        if (answer.Kind == AnswerKind.File)
        {
            if (trusted.UpdateTimestamp(answer.Body))
            {
                kept = answer.Body;
                DurableFile.Write(state.Timestamp, kept);
                FaultPoint.Reach(FaultPoints.FetchTimestampKept);
            }
            // The same version in other bytes is not what is kept, and its tag is of no use.
            if (kept.AsSpan().SequenceEqual(answer.Body)) state.Write(poll with { ETag = answer.ETag, ETagOf = Hashes.Sha256(kept) });
        }
        trusted.RequireFreshTimestamp();
    }

    private async Task UpdateSnapshotAsync(TrustedMetadata trusted, CancellationToken ct)
    {
        var wanted = trusted.Timestamp!.Snapshot;
        if (DurableFile.TryRead(state.Snapshot) is { } kept)
        {
            var current = wanted.Matches(kept);
            if (Remembers(() => trusted.UpdateSnapshot(kept, remembered: !current), state.Snapshot) && current) return;
        }
        var bytes = await GetAsync(wanted, RoleName.Snapshot, ct);
        trusted.UpdateSnapshot(bytes);
        DurableFile.Write(state.Snapshot, bytes);
        FaultPoint.Reach(FaultPoints.FetchSnapshotKept);
    }

    private async Task<TrustedList> UpdateTargetsAsync(TrustedMetadata trusted, VersionMemory memory, CancellationToken ct)
    {
        var wanted = trusted.Snapshot!.Targets;
        var kept = DurableFile.TryRead(state.Targets) is { } stored && wanted.Matches(stored) ? stored : null;
        var bytes = kept ?? await GetAsync(wanted, RoleName.Targets, ct);
        trusted.UpdateTargets(bytes);
        var list = TrustedList.Of(trusted.Root, trusted.Targets!);
        memory.RequireNotBefore(list.Version);
        // Before anything of it is remembered: what only this agent was shown must not hold off what everybody is shown.
        var log = await new CheckLog(state, server).RunAsync(trusted.Root, list, trusted.Targets!.Version, bytes, memory.Log, ct);
        if (memory.Highest != list.Version || memory.Log != log) state.Write(memory with { Highest = list.Version, Log = log });
        FaultPoint.Reach(FaultPoints.FetchVersionRemembered);
        if (kept is null) DurableFile.Write(state.Targets, bytes);
        FaultPoint.Reach(FaultPoints.FetchTargetsKept);
        return list;
    }

    /// <summary>Takes a document that this agent kept. One that the root's keys do not vouch for any more is dropped, which is
    /// how a repository recovers from a stolen key; a document in doubt for another reason is not.</summary>
    private static bool Remembers(Action take, string path)
    {
        try
        {
            take();
            return true;
        }
        catch (RefusedException refused) when (refused.Reason is RefusalReason.Signature or RefusalReason.Malformed)
        {
            DurableFile.Delete(path);
            return false;
        }
    }

    private async Task<byte[]> GetAsync(MetadataReference wanted, string role, CancellationToken ct)
    {
        if (wanted.Length > TrustedMetadata.MaximumLength)
            throw new RefusedException(RefusalReason.Malformed, $"{role} is said to have {wanted.Length} bytes, more than any may have");
        return await server.GetFileAsync(Location(string.Create(CultureInfo.InvariantCulture, $"{wanted.Version}.{role}.json")), wanted.Length, ct);
    }

    private string Location(string file) => $"v1/{state.List}/tuf/{file}";
}
