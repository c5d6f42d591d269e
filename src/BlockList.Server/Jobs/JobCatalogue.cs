using BlockList.Server.DnsChecks;
using BlockList.Server.Publishing;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Jobs;

/// <summary>Every recurring job of every role. Jobs sweep rows that say what is due; none is enqueued by anyone.</summary>
internal static class JobCatalogue
{
    /// <summary>Of the publisher: publishes what is due and renews metadata; once a day it verifies the whole ledger again.</summary>
    public static IReadOnlyList<Job> OfPublisher(IServiceProvider services) =>
    [
        Job.Of<SweepScheduleJob>("sweep-schedule", TimeSpan.FromSeconds(services.GetRequiredService<IOptions<PublishingOptions>>().Value.SweepSeconds)),
        Job.Of<VerifyLedgerJob>("verify-ledger", TimeSpan.FromDays(1)),
    ];

    /// <summary>Of the worker: seals the audit log, within five seconds of what it seals; moves entries as their time comes,
    /// keeps the counts that pages show short, deletes what was said of old imports, tells alarms and certificates that end, sends and
    /// forgets mails, and looks how far versions have come at providers.</summary>
    public static IReadOnlyList<Job> OfWorker(IServiceProvider services) =>
    [
        Job.Of<SealAuditJob>("seal-audit", TimeSpan.FromSeconds(3)),
        Job.Of<AdvanceStagesJob>("advance-stages", TimeSpan.FromSeconds(5)),
        Job.Of<FoldTalliesJob>("fold-tallies", TimeSpan.FromSeconds(5)),
        Job.Of<PurgeImportsJob>("purge-imports", TimeSpan.FromHours(1)),
        Job.Of<TellAlarmsJob>("tell-alarms", TimeSpan.FromSeconds(5)),
        Job.Of<SendMailJob>("send-mail", TimeSpan.FromSeconds(5)),
        Job.Of<ForgetMailJob>("forget-mail", TimeSpan.FromHours(1)),
        Job.Of<TellEndingJob>("tell-ending-certificates", TimeSpan.FromHours(1)),
        Job.Of<ForgetApplicationsJob>("forget-applications", TimeSpan.FromHours(1)),
        Job.Of<FollowCasesJob>("follow-cases", TimeSpan.FromSeconds(5)),
        Job.Of<ForgetComplaintsJob>("forget-complaints", TimeSpan.FromHours(1)),
        Job.Of<FollowCoverageJob>("follow-coverage", TimeSpan.FromSeconds(15)),
    ];

    /// <summary>Of the checker: looks for proofs that are due.</summary>
    public static IReadOnlyList<Job> OfChecker(IServiceProvider services) =>
        [Job.Of<CheckProofsJob>("check-proofs", TimeSpan.FromSeconds(services.GetRequiredService<IOptions<DnsOptions>>().Value.SweepSeconds))];
}
