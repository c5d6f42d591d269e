using Npgsql;

namespace BlockList.Server.Distribution;

/// <summary>
/// Asks the database for many requests at once: what comes in while one question is under way is asked as one when it is answered. Each
/// is asked after it came in, so nothing is remembered; alone, a question waits for nobody. A node under load makes one journey to the
/// database where it made a thousand.
/// </summary>
/// <param name="ask">Answers in the order of the questions. It must not fail for one of them alone: where it fails, each is asked by itself.</param>
/// <typeparam name="TQuestion">What a request asks.</typeparam>
/// <typeparam name="TAnswer">What it hears.</typeparam>
internal sealed class Together<TQuestion, TAnswer>(Func<IReadOnlyList<TQuestion>, CancellationToken, Task<IReadOnlyList<TAnswer>>> ask)
{
    /// <summary>Questions in one journey: more make it no cheaper.</summary>
    private const int Most = 500;

    private readonly Lock turn = new();
    private Queue<Waiting> waiting = new();
    private bool isUnderWay;

    /// <summary>A question that nobody waits for any more is asked all the same.</summary>
    public async Task<TAnswer> AskAsync(TQuestion question, CancellationToken cancellationToken)
    {
        var mine = new Waiting(question);
        lock (turn)
        {
            waiting.Enqueue(mine);
            if (!isUnderWay)
            {
                isUnderWay = true;
                // Of no request: whoever came first does not drive for all who come after.
                _ = Task.Run(DriveAsync, CancellationToken.None);
            }
        }
        return await mine.Answer.Task.WaitAsync(cancellationToken);
    }

    private async Task DriveAsync()
    {
        while (TakeAll() is { Count: > 0 } asked)
        {
            try
            {
                await AnswerAsync(asked);
            }
            catch (PostgresException problem) when (asked.Count > 1 && problem.SqlState[..2] is "22" or "23")
            {
                // One of them is what the database does not take (data, constraint); which, is seen by asking each.
                foreach (var one in asked) await AnswerAloneAsync(one);
            }
            catch (Exception problem)
            {
                foreach (var one in asked) one.Answer.SetException(problem);
            }
        }
    }

    private async Task AnswerAloneAsync(Waiting one)
    {
        try
        {
            await AnswerAsync([one]);
        }
        catch (Exception problem)
        {
            one.Answer.SetException(problem);
        }
    }

    private async Task AnswerAsync(List<Waiting> asked)
    {
        var answers = await ask([.. asked.Select(one => one.Question)], CancellationToken.None);
        for (var i = 0; i < asked.Count; i++) asked[i].Answer.SetResult(answers[i]);
    }

    private List<Waiting> TakeAll()
    {
        lock (turn)
        {
            var taken = new List<Waiting>(Math.Min(waiting.Count, Most));
            while (taken.Count < Most && waiting.TryDequeue(out var next)) taken.Add(next);
            if (taken.Count == 0)
            {
                isUnderWay = false;
                // A flood's array is not kept.
                if (waiting.EnsureCapacity(0) > Most) waiting = new();
            }
            return taken;
        }
    }

    private sealed record Waiting(TQuestion Question)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
