using System.CommandLine;
using BlockList.Server.Access;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Complaints.Cases.Pages;
using BlockList.Server.Criteria;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Distribution;
using BlockList.Server.Distribution.Coverage;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names;
using BlockList.Server.Providers;
using BlockList.Server.Providers.Applications;
using BlockList.Server.Providers.Hosts;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Pages;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Roles;

/// <summary>Role <c>curation</c> as a process: the pages that agencies work with. Holds no signing key of ours.</summary>
internal static class CurationWeb
{
    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("curation", "Serves the pages that agencies work with.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(async () =>
        {
            var builder = RoleHost.CreateBuilder(parsed.GetValue(config));
            await using var app = Build(builder);
            await StartAsync(app, cancellationToken);
            Console.WriteLine($"curation listens at {string.Join(", ", app.Urls)} for people at {app.Services.GetRequiredService<IOptions<PageOptions>>().Value.Origin}");
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }));
        return command;
    }

    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        // The role says by itself, and in one line, that it listens.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.AddPages("Curation");
#if BLOCKLIST_DEVELOPMENT
        Development.DevelopmentSignIn.Add(builder.Services);
#endif
        builder.Services.AddCuration().AddCaseDecisions().AddCasePages().AddHosts().AddApplications().AddImports().AddVersions().AddLogPage().AddCoverage();
        var app = builder.Build();
        app.UsePages();
        app.MapGet("/", () => Results.Redirect("/queue")).ForPeople();
        app.MapAccess();
        app.MapCuration();
        app.MapCases();
        app.MapHosts();
        app.MapApplications();
        app.MapImports();
        app.MapRegister();
        app.MapVersions();
        app.MapSchedules();
        app.MapHeld();
        app.MapAlarms();
        app.MapLogPage();
        app.MapCoverage();
        app.MapCriteria();
#if BLOCKLIST_DEVELOPMENT
        Development.DevelopmentSignIn.Map(app);
#endif
        return app;
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException problem) when (problem.InnerException is AddressInUseException)
        {
            throw new RoleException($"Another program listens at {app.Services.GetRequiredService<IOptions<PageOptions>>().Value.Listen} already. Stop it, or set [Curation] Listen to another port.");
        }
    }
}
