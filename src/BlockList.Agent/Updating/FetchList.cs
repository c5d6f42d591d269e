using BlockList.Agent.Content;
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
        try
        {
            var list = await new UpdateTrust(state, server, time).RunAsync(ct);
            var outcome = await new FetchContent(state, server, output).RunAsync(list, ct);
            var now = time.GetUtcNow();
            state.Write(state.ReadPoll() with { AttemptedAt = now, SucceededAt = now, Failures = 0, Error = null });
            FaultPoint.Reach(FaultPoints.FetchPollRecorded);
            return outcome;
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            RecordFailure(failure);
            throw;
        }
    }

    private void RecordFailure(Failure failure)
    {
        try
        {
            var poll = state.ReadPoll();
            state.Write(poll with { AttemptedAt = time.GetUtcNow(), Failures = poll.Failures + 1, Error = failure.Message });
        }
        catch (Exception problem) when (Failure.Of(problem) is not null)
        {
            // The disk may be the very trouble; the first failure is the one to tell.
        }
    }
}
