using BlockList.Server.Data;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Roles;

/// <summary>The web host that every running role shares: configuration, database, logging, clock.</summary>
internal static class RoleHost
{
    public static WebApplicationBuilder CreateBuilder(FileInfo? config)
    {
        // The slim builder reads no appsettings and listens nowhere unless a role says so.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(RoleHost).Assembly.GetName().Name });
        builder.Configuration.AddRole(config);
        builder.Logging.AddSystemdOrConsole();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddBlockListDatabase();
        return builder;
    }

    /// <summary>Until it is asked to end. A configuration that does not hold ends it before the host starts, whose log would have it as a fault with a stack.</summary>
    public static Task RunRoleAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        app.Services.GetService<IStartupValidator>()?.Validate();
        return app.RunAsync(cancellationToken);
    }

    private static void AddSystemdOrConsole(this ILoggingBuilder logging)
    {
        // Under systemd the journal keeps time and unit; elsewhere one line each with its time.
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null) logging.AddSystemdConsole();
        else logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // Statements would show parameters, and with them listed names.
        logging.AddFilter("Npgsql", LogLevel.Warning);
        logging.AddFilter("Quartz", LogLevel.Warning);
    }
}
