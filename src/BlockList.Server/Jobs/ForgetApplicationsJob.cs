using BlockList.Server.Providers.Applications;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class ForgetApplicationsJob(ForgetApplications forget) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await forget.RunAsync(cancellationToken);
}
