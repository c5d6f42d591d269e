using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Quartz;

namespace BlockList.Server.Data;

/// <summary>Brings the schema to this version, Quartz's tables included. The only code that runs as the owner of objects.</summary>
internal sealed class MigrateDatabase(string connectionString)
{
    /// <summary>Scheduler schemas and the login that works in each.</summary>
    private static readonly string[] SchedulerSchemas = ["quartz_publisher", "quartz_worker", "quartz_checker"];

    /// <summary>Returns the migrations that were applied, in order; a second run applies none.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        // The history table must not land in a schema that a later migration locks away.
        var options = new DbContextOptionsBuilder<BlockListDb>()
            .UseNpgsql(DatabaseSetup.ToPrimary(connectionString).ConnectionString)
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
        await using var db = new BlockListDb(options);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToArray();
        await db.Database.MigrateAsync(cancellationToken);
        foreach (var schema in SchedulerSchemas) await ProvisionSchedulerAsync(schema, cancellationToken);
        return pending;
    }

    private async Task ProvisionSchedulerAsync(string schema, CancellationToken cancellationToken)
    {
        var settings = DatabaseSetup.ToPrimary(connectionString);
        settings.SearchPath = schema;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddQuartz(quartz => quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(settings.ConnectionString);
            store.UseClustering();
            store.UseSystemTextJsonSerializer();
            store.ProvisionSchema();
        }));
        await using var provider = services.BuildServiceProvider();
        var scheduler = await provider.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellationToken);
        await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }
}
