using System.CommandLine;
using BlockList.Server.Http;
using BlockList.Server.Providers.Issuing;

namespace BlockList.Server.Roles;

/// <summary>Role <c>issuer</c>: faces nobody; holds the key of the authority for providers, and makes the certificates that they asked for.</summary>
internal static class IssuerRole
{
    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("issuer", "Makes the certificates that providers asked for by a code or a renewal. Listens for health on loopback only.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(async () =>
        {
            await using var app = Build(RoleHost.CreateBuilder(parsed.GetValue(config)));
            await app.RunRoleAsync(cancellationToken);
            return 0;
        }));
        return command;
    }

    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.ListenForHealth(usualPort: 8087);
        builder.Services.AddIssuing().AddHostedService(services => services.GetRequiredService<FollowRequests>());
        var app = builder.Build();
        app.MapHealth();
        return app;
    }
}
