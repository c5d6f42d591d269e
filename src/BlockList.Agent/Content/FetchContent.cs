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
    private readonly Chain chain = new(state);

    /// <exception cref="RefusedException">The content is not the one that metadata names.</exception>
    /// <exception cref="MalformedDocumentException">The content is no list.</exception>
    public async Task<FetchOutcome> RunAsync(TrustedList wanted, CancellationToken ct)
    {
        var held = HeldList.Read(state);
        if (held is not null && wanted.File.Matches(held.Bytes))
        {
            // A version may have the content of the one before; then only its number, or its dates, are new.
            if (held.Version.Point != wanted.Version.Point) Keep([StepTo(wanted, held, held.List)]);
            if (state.ReadMemory()!.Held != wanted.Version) Record(wanted.Version);
            return new FetchOutcome(wanted.Version, FetchWay.Current);
        }

        var (content, way) = await ByDeltasAsync(held, wanted, ct) is { } patched
            ? (patched, FetchWay.Deltas)
            : (await WholeAsync(held, wanted, ct), FetchWay.Whole);
        if (content.List.Count != wanted.Version.Count)
            throw new RefusedException(RefusalReason.Hash, $"{TrustedList.ListFileName} has {content.List.Count} entries where targets says {wanted.Version.Count}");
        // A crash up to here leaves the held content as it was.
        FaultPoint.Reach(FaultPoints.FetchContentReceived);

        Keep(content.Steps);
        // A crash here leaves steps to a version that is not held. The way is found backwards from the one that is, so
        // they are never met.
        FaultPoint.Reach(FaultPoints.FetchStepKept);

        DurableFile.Write(state.Content, content.List.Bytes);
        // A crash here leaves the new content unrecorded; it is known by its hash, as the highest version seen.
        FaultPoint.Reach(FaultPoints.FetchContentKept);

        Record(wanted.Version);
        FaultPoint.Reach(FaultPoints.FetchContentRecorded);
        return new FetchOutcome(wanted.Version, way);
    }

    private void Keep(IEnumerable<Step> steps)
    {
        foreach (var step in steps) chain.Keep(step);
    }

    private void Record(ListVersion version)
    {
        var memory = state.ReadMemory()!.Holding(version);
        state.Write(memory);
        chain.Prune(state.ReadEnforcing()?.At.Point ?? version.Point, version.Point);
    }

    private async Task<ReceivedContent?> ByDeltasAsync(HeldList? held, TrustedList wanted, CancellationToken ct)
    {
        if (held is null || DeltaPath.Between(held.Version.Version, wanted) is not { } path) return null;
        try
        {
            var (list, at) = (held.List, held.Version.Point);
            var steps = new List<Step>();
            foreach (var step in path.Steps)
            {
                (var delta, list) = step.Apply(await GetAsync(step.Path, step.File, ct), list, at.Sha256);
                steps.Add(StepOver(delta, at, list.Count, step.File, wanted));
                at = steps[^1].To;
            }
            if (wanted.File.Matches(list.Bytes)) return new ReceivedContent(list, steps);
            throw new RefusedException(RefusalReason.Hash, "the deltas lead to another list than the one that targets names");
        }
        catch (Exception problem) when (problem is RefusedException or MalformedDocumentException or ServerException)
        {
            await output.Progress.WriteLineAsync($"{state.List}: the deltas were not used ({problem.Message}); fetching the whole list.");
            return null;
        }
    }

    private async Task<ReceivedContent> WholeAsync(HeldList? held, TrustedList wanted, CancellationToken ct)
    {
        if (wanted.File.Length > ListFile.MaximumLength)
            throw new RefusedException(RefusalReason.Malformed, $"{TrustedList.ListFileName} is said to have {wanted.File.Length} bytes, more than any list may have");
        if (wanted.File.Length > 1_000_000)
            await output.Progress.WriteLineAsync($"{state.List}: fetching the whole list, {wanted.File.Length / 1_000_000} MB…");
        var bytes = await GetAsync(TrustedList.ListFileName, wanted.File, ct);
        if (!wanted.File.Matches(bytes))
            throw new RefusedException(RefusalReason.Hash, $"{TrustedList.ListFileName} has not the length and hash that targets names");
        var list = ListFile.Take(bytes);
        return new ReceivedContent(list, held is null ? [] : [StepTo(wanted, held, list)]);
    }

    /// <summary>The step from the held list to the offered one, found by comparing them.</summary>
    private static Step StepTo(TrustedList wanted, HeldList held, ListFile list)
    {
        var (from, to) = (held.Version.Point, wanted.Version.Point);
        return new Step(from, to, wanted.Facts.Urgent, Approves(wanted.Facts.BulkApproval, wanted, from, to),
            list.Except(held.List), held.List.Except(list));
    }

    /// <summary>One signed step. The newest is spoken of by the list itself, an earlier one by its delta.</summary>
    private static Step StepOver(Delta delta, ChainPoint from, int count, TargetFile file, TrustedList wanted)
    {
        var to = new ChainPoint(delta.To, delta.ToSha256, count);
        var (urgent, approval) = to == wanted.Version.Point
            ? (wanted.Facts.Urgent, wanted.Facts.BulkApproval)
            : (DeltaFacts.IsUrgent(file.Custom), BulkApproval.Of(file.Custom));
        return new Step(from, to, urgent, Approves(approval, wanted, from, to), ListFile.OfLines(delta.Added), ListFile.OfLines(delta.Removed));
    }

    private static bool Approves(BulkApproval? approval, TrustedList wanted, ChainPoint from, ChainPoint to) =>
        approval is not null && approval.Covers(wanted.Root, to.Version, from.Sha256, to.Sha256);

    private Task<byte[]> GetAsync(string path, TargetFile file, CancellationToken ct) =>
        server.GetFileAsync($"v1/{state.List}/targets/{file.LocationOf(path)}", file.Length, ct);
}
