using BlockList.Server.Publishing.Alarms;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class TellAlarmsJob(TellAlarms tell) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await tell.RunAsync(cancellationToken);
}
