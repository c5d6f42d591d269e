using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Agent.Trust;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Content;

/// <summary>Brings the content that verified metadata names: by deltas where they lead there, else as a whole.</summary>
internal sealed class FetchContent(ListState state, ServerConnection server, AgentOutput output)
{
    /// <exception cref="RefusedException">The content is not the one that metadata names.</exception>
    /// <exception cref="MalformedDocumentException">The content is no list.</exception>
    public async Task<FetchOutcome> RunAsync(TrustedList wanted, CancellationToken ct)
    {
        var held = HeldList.Read(state);
        if (held is not null && wanted.File.Matches(held.Bytes))
        {
            // A version may have the content of the one before; then only its number is new.
            if (held.Version != wanted.Version) state.Write(state.ReadMemory()! with { Held = wanted.Version });
            return new FetchOutcome(wanted.Version, FetchWay.Current);
        }

        var (bytes, way) = await ByDeltasAsync(held, wanted, ct) is { } patched
            ? (patched, FetchWay.Deltas)
            : (await WholeAsync(wanted, ct), FetchWay.Whole);
        if (!wanted.File.Matches(bytes))
            throw new RefusedException(RefusalReason.Hash, $"{TrustedList.ListFileName} has not the length and hash that targets names");
        var list = ListFile.Parse(bytes);
        if (list.Count != wanted.Version.Count)
            throw new RefusedException(RefusalReason.Hash, $"{TrustedList.ListFileName} has {list.Count} entries where targets says {wanted.Version.Count}");
        // A crash up to here leaves the held content as it was.
        FaultPoint.Reach(FaultPoints.FetchContentReceived);

        DurableFile.Write(state.Content, bytes);
        // A crash here leaves the new content unrecorded; it is known by its hash, as the highest version seen.
        FaultPoint.Reach(FaultPoints.FetchContentKept);

        state.Write(state.ReadMemory()! with { Held = wanted.Version });
        FaultPoint.Reach(FaultPoints.FetchContentRecorded);
        return new FetchOutcome(wanted.Version, way);
    }

    private async Task<byte[]?> ByDeltasAsync(HeldList? held, TrustedList wanted, CancellationToken ct)
    {
        if (held is null || DeltaPath.Between(held.Version.Version, wanted) is not { } path) return null;
        try
        {
            var (list, hash) = (held.List, held.Version.Sha256);
            foreach (var step in path.Steps)
                (list, hash) = step.Apply(await GetAsync(step.Path, step.File, ct), list, hash);
            var bytes = list.ToBytes();
            if (wanted.File.Matches(bytes)) return bytes;
            throw new RefusedException(RefusalReason.Hash, "the deltas lead to another list than the one that targets names");
        }
        catch (Exception problem) when (problem is RefusedException or MalformedDocumentException or ServerException)
        {
            await output.Progress.WriteLineAsync($"{state.List}: the deltas were not used ({problem.Message}); fetching the whole list.");
            return null;
        }
    }

    private async Task<byte[]> WholeAsync(TrustedList wanted, CancellationToken ct)
    {
        if (wanted.File.Length > ListFile.MaximumLength)
            throw new RefusedException(RefusalReason.Malformed, $"{TrustedList.ListFileName} is said to have {wanted.File.Length} bytes, more than any list may have");
        if (wanted.File.Length > 1_000_000)
            await output.Progress.WriteLineAsync($"{state.List}: fetching the whole list, {wanted.File.Length / 1_000_000} MB…");
        return await GetAsync(TrustedList.ListFileName, wanted.File, ct);
    }

    private Task<byte[]> GetAsync(string path, TargetFile file, CancellationToken ct) =>
        server.GetFileAsync($"v1/{state.List}/targets/{file.LocationOf(path)}", file.Length, ct);
}
