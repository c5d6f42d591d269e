using BlockList.Server.Publishing;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class SweepScheduleJob(SweepSchedule sweep) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await sweep.RunAsync(cancellationToken);
}
