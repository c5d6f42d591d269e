using BlockList.Server.Oversight;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class SealAuditJob(SealAudit seal) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await seal.RunAsync(cancellationToken);
}
