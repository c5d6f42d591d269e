using BlockList.Server.Curation;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class AdvanceStagesJob(FollowCalendar calendar) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        while (await calendar.AdvanceStagesAsync(cancellationToken) == FollowCalendar.AtOnce && !cancellationToken.IsCancellationRequested)
        {
            // More are due at this instant.
        }
    }
}
