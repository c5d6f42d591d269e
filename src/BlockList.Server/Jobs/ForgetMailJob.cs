using BlockList.Server.Mail;
using Quartz;

namespace BlockList.Server.Jobs;

[DisallowConcurrentExecution]
internal sealed class ForgetMailJob(ForgetMail forget) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await forget.RunAsync(cancellationToken);
}
