using System.CommandLine;
using BlockList.Server.Distribution;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Roles;

/// <summary>Role <c>distribution</c>: faces providers through mutual TLS; reads published files and enrolled
/// certificates, appends downloads and receipts, and holds no key of ours but its TLS key.</summary>
internal static class DistributionRole
{
    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("distribution", "Serves published files to providers over mutual TLS.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(async () =>
        {
            var builder = RoleHost.CreateBuilder(parsed.GetValue(config));
            await using var app = Build(builder);
            await StartAsync(app, cancellationToken);
            Console.WriteLine($"distribution listens at {string.Join(", ", app.Urls)} for providers with a client certificate");
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }));
        return command;
    }

    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        // The role says by itself, and in one line, that it listens.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.AddDistribution();
        var app = builder.Build();
        app.UseDistribution();
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
            var listen = app.Services.GetRequiredService<IOptions<DistributionOptions>>().Value.Listen;
            throw new RoleException($"Another program listens at {listen} already. Stop it, or set [Distribution] Listen to another port.");
        }
    }
}
