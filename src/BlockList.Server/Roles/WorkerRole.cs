using System.CommandLine;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Curation;
using BlockList.Server.Data;
using BlockList.Server.Distribution.Coverage;
using BlockList.Server.Http;
using BlockList.Server.Jobs;
using BlockList.Server.Mail;
using BlockList.Server.Oversight;
using BlockList.Server.Providers.Applications;
using BlockList.Server.Providers.Enrolling;
using BlockList.Server.Publishing.Alarms;

namespace BlockList.Server.Roles;

/// <summary>Role <c>worker</c>: sealing, mail, and what the calendar does to entries; holds no key and writes no decision.</summary>
internal static class WorkerRole
{
    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("worker", "Seals the audit log, sends mails, and lets entries lapse when their time comes. Listens for health on loopback only.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(() => ServeAsync(parsed.GetValue(config), cancellationToken)));
        command.Add(RoleCommand.Create("verify-audit", "Checks every seal of the audit log against its rows.", (services, _) => services.AddSingleton<SealAudit>(),
            async (_, services, token) =>
            {
                if (await services.GetRequiredService<SealAudit>().FindBrokenAsync(token) is { } broken)
                    throw new RoleException($"Seal {broken.Seal} does not hold: {broken.Reason}. Compare oversight.audit with a backup from before it.", exitCode: 4);
                Console.WriteLine("Every seal holds.");
                return 0;
            }));
        return command;
    }

    private static async Task<int> ServeAsync(FileInfo? config, CancellationToken cancellationToken)
    {
        var builder = RoleHost.CreateBuilder(config);
        builder.ListenForHealth(usualPort: 8082);
        builder.Services.AddSingleton<SealAudit>().AddSingleton<FollowCalendar>().AddSingleton<TellAlarms>().AddSingleton<FollowCases>().AddSingleton<TellEnding>().AddSingleton<ForgetApplications>().AddSingleton<FollowCoverage>().AddMailSending();
        builder.Services.AddOptions<AlarmOptions>().BindConfiguration(AlarmOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<CaseOptions>().BindConfiguration(CaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScheduling("quartz_worker", builder.Configuration[$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.ConnectionString)}"] ?? "", JobCatalogue.OfWorker);
        await using var app = builder.Build();
        app.MapHealth();
        await app.RunRoleAsync(cancellationToken);
        return 0;
    }
}
