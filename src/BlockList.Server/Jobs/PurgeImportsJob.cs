using BlockList.Server.Curation;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class PurgeImportsJob(FollowCalendar calendar) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await calendar.PurgeImportsAsync(cancellationToken);
}
