using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BlockList.Server.DnsChecks;

/// <summary>
/// One libunbound: its cache, a thread of the library's that asks, and a thread of ours that takes the answers. Disposal ends
/// the questions that are under way; nothing of the library is touched after it.
/// </summary>
internal sealed class UnboundContext : IDnsResolver, IDisposable
{
    private const int InternetClass = 1;

    /// <summary>Questions under way in any context. The library is given a number and no pointer, so that an answer which comes
    /// when nobody waits any more finds nothing instead of freed memory.</summary>
    private static readonly ConcurrentDictionary<nint, Question> UnderWay = new();
    private static long lastKey;

    private readonly UnboundHandle handle;
    private readonly UnboundLimits limits;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim places;
    private readonly Thread taker;
    private readonly CancellationTokenSource closing = new();
    private readonly int wakeUp;
    private int disposed;

    /// <param name="handle">Configured; no question was asked yet. Belongs to this from now on.</param>
    public UnboundContext(UnboundHandle handle, UnboundLimits limits, TimeProvider clock)
    {
        (this.handle, this.limits, this.clock) = (handle, limits, clock);
        places = new SemaphoreSlim(limits.AtOnce, limits.AtOnce);
        wakeUp = Polling.EventDescriptor(0, Polling.CloseOnExec);
        if (wakeUp < 0) throw new IOException($"eventfd: {Marshal.GetLastPInvokeErrorMessage()}.");
        taker = new Thread(TakeAnswers, maxStackSize: 256 * 1024) { IsBackground = true, Name = "libunbound" };
        taker.Start();
    }

    public async Task<DnsAnswer> ResolveAsync(DnsName name, RecordType type, CancellationToken cancellationToken)
    {
        // Waiting for a place counts: whoever asks knows after this time, however many others ask names that nobody answers.
        using var limit = new CancellationTokenSource(limits.Patience, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, closing.Token);
        try
        {
            await places.WaitAsync(stop.Token);
            try
            {
                return await AskAsync(name, type, stop.Token);
            }
            finally
            {
                places.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return closing.IsCancellationRequested ? new DnsAnswer.Failed("the resolver was closed") : new DnsAnswer.TimedOut(limits.Patience);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        closing.Cancel();
        Polling.Wake(wakeUp);
        taker.Join();
        // Ends the library's thread; a question that is being handed over at this moment holds the handle until it has been.
        handle.Dispose();
        _ = Polling.Close(wakeUp);
        // Neither closing nor places is disposed of: those who wait are still on their way out.
    }

    private async Task<DnsAnswer> AskAsync(DnsName name, RecordType type, CancellationToken stop)
    {
        var question = new Question(type, limits.LargestAnswer);
        var key = (nint)Interlocked.Increment(ref lastKey);
        UnderWay[key] = question;
        try
        {
            var (error, id) = Send(name, type, key);
            if (error != 0) return new DnsAnswer.Failed($"libunbound: {LibUnbound.Explain(error)}");
            await using (stop.Register(() => Abandon(id, question, stop)))
                return await question.Answer.Task;
        }
        catch (ObjectDisposedException)
        {
            return new DnsAnswer.Failed("the resolver was closed");
        }
        finally
        {
            UnderWay.TryRemove(key, out _);
        }
    }

    private unsafe (int Error, int Id) Send(DnsName name, RecordType type, nint key)
    {
        int id;
        var error = LibUnbound.ResolveAsync(handle, name.Text, (int)type, InternetClass, key, &Take, &id);
        return (error, id);
    }

    private void Abandon(int id, Question question, CancellationToken stop)
    {
        // A closed context forgets its questions by itself, and one that was answered meanwhile is not found: either is well.
        if (!closing.IsCancellationRequested)
        {
            try
            {
                _ = LibUnbound.Cancel(handle, id);
            }
            catch (ObjectDisposedException)
            {
                // Closed between the question above and here.
            }
        }
        question.Answer.TrySetCanceled(stop);
    }

    private unsafe void TakeAnswers()
    {
        var watched = stackalloc Polling.Watched[2];
        watched[0] = new Polling.Watched { Descriptor = LibUnbound.FileDescriptor(handle), Events = Polling.Readable };
        watched[1] = new Polling.Watched { Descriptor = wakeUp, Events = Polling.Readable };
        while (!closing.IsCancellationRequested)
        {
            // A signal ends the wait early; then there is nothing to take.
            if (Polling.Poll(watched, 2, -1) > 0 && watched[0].Returned != 0) _ = LibUnbound.Process(handle);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe void Take(nint key, int error, LibUnbound.Result* result)
    {
        try
        {
            if (UnderWay.TryRemove(key, out var question)) question.Take(error, result);
        }
        finally
        {
            if (result is not null) LibUnbound.Free(result);
        }
    }

    private sealed class Question(RecordType type, int largestAnswer)
    {
        public TaskCompletionSource<DnsAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public unsafe void Take(int error, LibUnbound.Result* result)
        {
            try
            {
                Answer.TrySetResult(error != 0 || result is null ? new DnsAnswer.Failed($"libunbound: {LibUnbound.Explain(error)}") : UnboundResult.Read(result, type, largestAnswer));
            }
            catch (Exception problem) // must not run into C
            {
                Answer.TrySetException(problem);
            }
        }
    }
}
