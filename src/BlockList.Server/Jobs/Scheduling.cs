using BlockList.Server.Data;
using Quartz;

namespace BlockList.Server.Jobs;

/// <summary>Quartz's clustered store under a role's own login and in its own schema.</summary>
internal static class Scheduling
{
    public static IServiceCollection AddScheduling(this IServiceCollection services, string schema, string connectionString, Func<IServiceProvider, IReadOnlyList<Job>> jobs)
    {
        var settings = DatabaseSetup.ToPrimary(connectionString);
        settings.SearchPath = schema;
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = schema;
                scheduler.InstanceId = "AUTO";
            });
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(settings.ConnectionString);
                store.UseClustering();
                store.UseSystemTextJsonSerializer();
            });
        });
        // Started before the scheduler itself, so that a first start has its jobs before it looks for them.
        services.AddHostedService(provider => new JobRegistration(provider.GetRequiredService<ISchedulerFactory>(), jobs(provider)));
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }

    /// <summary>
    /// Registers jobs that are absent or whose interval changed, and leaves the others alone: two nodes that both
    /// replace a trigger at their start would fire it twice.
    /// </summary>
    private sealed class JobRegistration(ISchedulerFactory schedulers, IReadOnlyList<Job> jobs) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var scheduler = await schedulers.GetScheduler(cancellationToken);
            foreach (var job in jobs)
            {
                var key = new TriggerKey(job.Name);
                var trigger = TriggerBuilder.Create().WithIdentity(key).ForJob(job.Name)
                    .WithSimpleSchedule(schedule => schedule.WithInterval(job.Every).RepeatForever()).Build();
                var known = await scheduler.GetTrigger(key, cancellationToken) as ISimpleTrigger;
                if (known?.RepeatInterval == job.Every) continue;
                if (known is not null)
                {
                    await scheduler.RescheduleJob(key, trigger, cancellationToken);
                    continue;
                }
                try
                {
                    await scheduler.ScheduleJob(JobBuilder.Create().OfType(job.Type).WithIdentity(job.Name).Build(), trigger, cancellationToken: cancellationToken);
                }
                catch (ObjectAlreadyExistsException)
                {
                    // Another node was first; it registered the same.
                }
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
