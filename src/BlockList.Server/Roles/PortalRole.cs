using System.CommandLine;
using BlockList.Server.Complaints.Public;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Roles;

/// <summary>Role <c>portal</c>: faces the public; executes a handful of functions of the database and reads no table.</summary>
internal static class PortalRole
{
    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("portal", "Serves the public site: what the list is, and complaints.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(async () =>
        {
            var builder = RoleHost.CreateBuilder(parsed.GetValue(config));
            await using var app = Build(builder);
            await StartAsync(app, cancellationToken);
            Console.WriteLine($"portal listens at {string.Join(", ", app.Urls)} for the public at {app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.Origin}");
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }));
        return command;
    }

    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        // The role says by itself, and in one line, that it listens.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.AddPortal();
        var app = builder.Build();
        app.UsePortal();
        app.MapPortal();
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
            throw new RoleException($"Another program listens at {app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.Listen} already. Stop it, or set [Portal] Listen to another port.");
        }
    }
}
