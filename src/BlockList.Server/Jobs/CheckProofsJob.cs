using BlockList.Server.DnsChecks;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class CheckProofsJob(CheckProofs check) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await check.RunAsync(cancellationToken);
}
