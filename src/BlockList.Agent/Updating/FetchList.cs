using BlockList.Agent.Content;
using BlockList.Agent.Enforcing;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Agent.Trust;
using BlockList.Format;

namespace BlockList.Agent.Updating;

/// <summary>One poll of one list: metadata, then content, then how it went.</summary>
internal sealed class FetchList(ListState state, ServerConnection server, TimeProvider time, AgentOutput output)
{
    public async Task<FetchOutcome> RunAsync(CancellationToken ct)
    {
        state.CreateDirectories();
        var known = DurableFile.TryRead(state.Timestamp);
        try
        {
            var list = await new UpdateTrust(state, server, time).RunAsync(ct);
            var outcome = await new FetchContent(state, server, output).RunAsync(list, ct);
            var now = time.GetUtcNow();
            if (state.ReadMemory() is { } memory && EarlyClock.Is(now, memory)) throw new EarlyClockException(EarlyClock.Sentence(now, memory));
            state.Write(state.ReadPoll().Succeeded(now));
            FaultPoint.Reach(FaultPoints.FetchPollRecorded);
            return outcome;
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            RecordFailure(failure, known);
            throw;
        }
    }

    private void RecordFailure(Failure failure, byte[]? known)
    {
        try
        {
            var news = DurableFile.TryRead(state.Timestamp) is { } timestamp && !timestamp.AsSpan().SequenceEqual(known);
            state.Write(state.ReadPoll().Failed(time.GetUtcNow(), failure.Message, news));
        }
        catch (Exception problem) when (Failure.Of(problem) is not null)
        {
            // The disk may be the very trouble; the first failure is the one to tell.
        }
    }
}
