using BlockList.Server.Complaints.Cases;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class FollowCasesJob(FollowCases cases) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await cases.RunAsync(cancellationToken);
}
