using BlockList.Server.Distribution.Coverage;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class FollowCoverageJob(FollowCoverage coverage) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await coverage.RunAsync(cancellationToken);
}
