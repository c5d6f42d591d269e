using BlockList.Agent.Content;
using BlockList.Agent.Enforcing;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Agent.Trust;
using BlockList.Format;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Updating;

/// <summary>One poll of one list: metadata, then content, then how it went.</summary>
internal sealed class FetchList(ListState state, Lazy<ServerConnection> server, TimeProvider time, AgentOutput output)
{
    public async Task<FetchOutcome> RunAsync(CancellationToken ct)
    {
        state.CreateDirectories();
        var known = DurableFile.TryRead(state.Timestamp);
        try
        {
            RecordWhatIsHeld();
            var list = await new UpdateTrust(state, server.Value, time).RunAsync(ct);
            var outcome = await new FetchContent(state, server.Value, output).RunAsync(list, ct);
            await FollowServerCaAsync(list, ct);
            var now = time.GetUtcNow();
            if (state.ReadMemory() is { } memory && EarlyClock.Is(now, memory)) throw new EarlyClockException(EarlyClock.Sentence(now, memory));
            state.Write(state.ReadPoll().Succeeded(now));
            FaultPoint.Reach(FaultPoints.FetchPollRecorded);
            return outcome;
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            RecordFailure(failure, isPastDate: problem is RefusedException { Reason: RefusalReason.Expired }, known);
            throw;
        }
    }

    /// <summary>After the content, which never waits for it. Nothing fails because of it: today's authority still holds.</summary>
    private async Task FollowServerCaAsync(TrustedList list, CancellationToken ct)
    {
        try
        {
            await new FollowServerCa(state, server.Value, time).RunAsync(list, ct);
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.WarnAsync($"{state.List}: the authorities of the server could not be followed: {failure.Message}");
        }
    }

    /// <summary>A run that died between keeping a content and recording it left the content of the highest version. Recorded now, before
    /// there is a higher one: else nobody would know any more what it is, nor how the list goes on from it.</summary>
    private void RecordWhatIsHeld()
    {
        if (HeldList.Read(state) is { } held && state.ReadMemory() is { } memory && memory.Held != held.Version) state.Write(memory.Holding(held.Version));
    }

    private void RecordFailure(Failure failure, bool isPastDate, byte[]? known)
    {
        try
        {
            // A timestamp alone, with nothing behind it, is no news: who has no keys can pass it on and hold back the rest for ever.
            var news = isPastDate && DurableFile.TryRead(state.Timestamp) is { } timestamp && !timestamp.AsSpan().SequenceEqual(known);
            state.Write(state.ReadPoll().Failed(time.GetUtcNow(), failure.Message, news));
        }
        catch (Exception problem) when (Failure.Of(problem) is not null)
        {
            // The disk may be the very trouble; the first failure is the one to tell.
        }
    }
}
