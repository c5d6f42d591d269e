using BlockList.Server.Data;
using Npgsql;

namespace BlockList.Server.Distribution;

/// <summary>Turns what nobody expected into an answer that shows no internals, and logs it once.</summary>
internal sealed partial class GuardFaults(RequestDelegate next, ILogger<GuardFaults> log)
{
    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(60);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nothing was answered.
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await AnswerFor(problem).ExecuteAsync(context);
        }
    }

    private Answer AnswerFor(Exception problem)
    {
        switch (problem)
        {
            case BadHttpRequestException request:
                return Answer.Refused(Refusals.Malformed(request.StatusCode, request.Message));
            // Without the database there is no row either; the log is what remains.
            case var _ when DatabaseTrouble.Describe(problem) is not null:
                Log.DatabaseFailed(log, problem);
                return Answer.Refused(Refusals.Unavailable, DatabasePause) with { IsRecorded = false };
            default:
                Log.Failed(log, problem);
                return Answer.Refused(Refusals.Fault) with { IsRecorded = problem is not NpgsqlException };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The database does not answer; requests are answered with 503 and not recorded")]
        public static partial void DatabaseFailed(ILogger logger, Exception problem);

        [LoggerMessage(LogLevel.Critical, "A request failed")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
