using BlockList.Server.Publishing.Ledger;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class VerifyLedgerJob(VerifyLedger verify) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await verify.RunAsync(cancellationToken);
}
